using System.Globalization;

namespace OrleansMemory.Silo.LocalPostgres;

/// <summary>The folder that holds <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c> of one PostgreSQL version.</summary>
internal sealed record LocalPostgresBinaries(string Folder)
{
    // Where distributions keep them; '*' is a version or ends in one.
    private static readonly string[] KnownFolders =
    [
        "/usr/lib/postgresql/*/bin",
        "/usr/pgsql-*/bin",
        "/usr/libexec/postgresql*",
        "/usr/local/pgsql/bin",
        "/opt/homebrew/opt/postgresql@*/bin",
        "/usr/local/opt/postgresql@*/bin",
        "/Applications/Postgres.app/Contents/Versions/*/bin",
        "/usr/bin",
    ];

    /// <summary>Makes a new data folder.</summary>
    public string InitDb => Path.Combine(Folder, "initdb");

    /// <summary>Starts and stops a server.</summary>
    public string PgCtl => Path.Combine(Folder, "pg_ctl");

    /// <summary>Looks on the PATH, then where distributions keep them, the highest version first.</summary>
    /// <returns>The binaries; <see langword="null"/> where there are none, or where a private server is not supported (Windows).</returns>
    public static LocalPostgresBinaries? Find() =>
        OperatingSystem.IsWindows() ? null : Find(Environment.GetEnvironmentVariable("PATH"), KnownFolders);

    /// <summary>Looks on a path, then in folders.</summary>
    /// <param name="path">Folders, separated as in the PATH variable.</param>
    /// <param name="knownFolders">Folders with at most one <c>*</c>, which stands for part of a folder's name.</param>
    /// <returns>The binaries; <see langword="null"/> where there are none.</returns>
    internal static LocalPostgresBinaries? Find(string? path, IEnumerable<string> knownFolders)
    {
        IEnumerable<string> onPath = (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(BehindLink);
        string? found = onPath.Concat(knownFolders.SelectMany(Expand)).FirstOrDefault(IsComplete);
        return found is null ? null : new LocalPostgresBinaries(found);
    }

    // Distributions link single binaries into /usr/bin; the others lie beside the link's target.
    private static string BehindLink(string folder)
    {
        var pgCtl = new FileInfo(Path.Combine(folder, "pg_ctl"));
        string? target = pgCtl.Exists ? pgCtl.ResolveLinkTarget(returnFinalTarget: true)?.FullName : null;
        return target is null ? folder : Path.GetDirectoryName(target)!;
    }

    private static IEnumerable<string> Expand(string pattern)
    {
        int star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
        {
            return [pattern];
        }

        int start = pattern.LastIndexOf('/', star) + 1;
        int end = pattern.IndexOf('/', star);
        string parent = pattern[..start];
        string name = end < 0 ? pattern[start..] : pattern[start..end];
        string rest = end < 0 ? "" : pattern[(end + 1)..];
        return !Directory.Exists(parent)
            ? []
            : Directory.EnumerateDirectories(parent, name).OrderByDescending(VersionOf).Select(folder => Path.Combine(folder, rest));
    }

    private static double VersionOf(string folder)
    {
        string name = Path.GetFileName(folder);
        int start = name.AsSpan().IndexOfAnyInRange('0', '9');
        return
            start >= 0
            && double.TryParse(name.AsSpan(start), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double version)
            ? version
            : 0;
    }

    private static bool IsComplete(string folder) =>
        File.Exists(Path.Combine(folder, "initdb"))
        && File.Exists(Path.Combine(folder, "pg_ctl"))
        && File.Exists(Path.Combine(folder, "postgres"));
}
