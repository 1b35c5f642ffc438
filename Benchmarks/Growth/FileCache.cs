using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using OrleansMemory.Benchmarks.Database;

namespace OrleansMemory.Benchmarks.Growth;

/// <summary>The operating system's cache of the database's files: what a database that is larger than the memory does without.</summary>
internal static partial class FileCache
{
    // POSIX_FADV_DONTNEED on Linux.
    private const int DontNeed = 4;

    /// <summary>
    /// Has everything written, then the cached pages of the database's files given up. What the server has in its own buffers stays.
    /// </summary>
    /// <param name="database">The database, on a server of this machine whose files we may open.</param>
    /// <returns>A task that ends when they are given up.</returns>
    public static async Task ForgetAsync(BenchmarkDatabase database)
    {
        await database.SettleAsync();
        foreach (string file in Directory.EnumerateFiles(await database.FolderAsync()))
        {
            using SafeFileHandle handle = File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            int error = Advise(handle, 0, 0, DontNeed);
            if (error != 0)
            {
                throw new IOException(FormattableString.Invariant($"The file cache does not give up a file: error {error}."));
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
}
