using System.Globalization;
using System.Runtime.Versioning;
using System.Text;

namespace OrleansMemory.Silo.LocalPostgres;

/// <summary>What lies in the folder of a private server, and the lock that keeps other processes out of it.</summary>
internal sealed class ServerFolder : IDisposable
{
    private const UnixFileMode OnlyOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const string DataFolder = "OrleansMemory:Store:DataFolder";

    // A socket's address holds 104 bytes on macOS and 108 on Linux, the terminating zero and the socket's name included.
    private const int LongestSocketFolder = 103 - 15;

    private readonly FileStream _lock;
    private readonly DirectoryInfo? _socketFolder;

    private ServerFolder(string path, FileStream fileLock)
    {
        Path = path;
        _lock = fileLock;

        // A comma would part two hosts, in the server's settings and in a connection string.
        bool fits = Encoding.UTF8.GetByteCount(path) <= LongestSocketFolder && !path.Contains(',', StringComparison.Ordinal);
        _socketFolder = fits ? null : Directory.CreateTempSubdirectory("om-pg-");
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>PostgreSQL's data folder.</summary>
    public string Data => System.IO.Path.Combine(Path, "data");

    /// <summary>A data folder in the making. It is renamed when it is whole.</summary>
    public string UnfinishedData => System.IO.Path.Combine(Path, "data.unfinished");

    /// <summary>The server's log.</summary>
    public string ServerLog => System.IO.Path.Combine(Data, "server.log");

    /// <summary>The folder of the server's socket, which only the server's account (and root) can enter.</summary>
    public string Socket => _socketFolder?.FullName ?? Path;

    /// <summary>The process id in the server's pid file; <see langword="null"/> when there is none.</summary>
    public int? ServerProcessId
    {
        get
        {
            var file = new FileInfo(System.IO.Path.Combine(Data, "postmaster.pid"));
            return file.Exists && int.TryParse(File.ReadLines(file.FullName).FirstOrDefault(), CultureInfo.InvariantCulture, out int id)
                ? id
                : null;
        }
    }

    /// <summary>Makes the folder where it is missing, and locks it until it is disposed or this process ends.</summary>
    /// <param name="account">The account that is to own it.</param>
    /// <exception cref="LocalPostgresException">Another process has it, or it cannot be written.</exception>
    [UnsupportedOSPlatform("windows")]
    public static async Task<ServerFolder> LockAsync(string path, ServerAccount account, CancellationToken cancellationToken)
    {
        path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        string lockFile = System.IO.Path.Combine(path, "owner.lock");
        ServerFolder folder;
        try
        {
            Directory.CreateDirectory(path);
            if (!File.Exists(lockFile) && Directory.EnumerateFileSystemEntries(path).Any())
            {
                throw new LocalPostgresException(
                    $"The folder {path} of the private PostgreSQL server holds something else. Set {DataFolder} to one that is empty or does not exist."
                );
            }

            folder = new ServerFolder(path, new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            bool isThere = File.Exists(lockFile) && exception is not UnauthorizedAccessException;
            throw new LocalPostgresException(
                isThere
                    ? $"Another process uses the folder {path} of the private PostgreSQL server. End it, set {DataFolder} to another folder, or set ConnectionStrings__Postgres."
                    : $"The folder {path} of the private PostgreSQL server cannot be written. Set {DataFolder} to one that can, or set ConnectionStrings__Postgres.",
                exception
            );
        }

        try
        {
            File.SetUnixFileMode(path, OnlyOwner);
            await account.OwnAsync(path, cancellationToken);
            if (folder._socketFolder is not null)
            {
                await account.OwnAsync(folder.Socket, cancellationToken);
            }
        }
        catch
        {
            folder.Dispose();
            throw;
        }

        return folder;
    }

    /// <summary>The log's last lines, for the message of a failed start. The server's settings keep content out of it.</summary>
    /// <returns>Up to ten lines.</returns>
    public string EndOfLog() => File.Exists(ServerLog) ? string.Join(Environment.NewLine, File.ReadLines(ServerLog).TakeLast(10)) : "";

    /// <summary>Removes the folder with all that is in it.</summary>
    public void Delete() => Directory.Delete(Path, recursive: true);

    /// <summary>Lets others use the folder.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        _socketFolder?.Delete(recursive: true);
    }
}
