using System.Globalization;

namespace OrleansMemory.Benchmarks.Measuring;

/// <summary>Processor time in seconds. Unlike elapsed time it says the same on a machine that others use as well.</summary>
/// <param name="Client">What this process used.</param>
/// <param name="Server">What PostgreSQL used; <see langword="null"/> where it cannot be seen (another machine, not Linux).</param>
internal readonly record struct ProcessorTime(double Client, double? Server)
{
    // USER_HZ, the unit of /proc; it is 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    public static ProcessorTime operator -(ProcessorTime after, ProcessorTime before) => new(after.Client - before.Client, after.Server - before.Server);

    /// <summary>Reads what was used until now.</summary>
    /// <param name="postmaster">The process id of PostgreSQL's first process, if it runs here.</param>
    /// <returns>The times.</returns>
    public static ProcessorTime Now(int? postmaster) =>
        new(Environment.CpuUsage.TotalTime.TotalSeconds, postmaster is { } id ? OfServer(id) : null);

    /// <summary>The parent of a process of this machine; <see langword="null"/> when it cannot be seen, or is no process of PostgreSQL.</summary>
    /// <param name="processId">The process.</param>
    /// <returns>The parent's id.</returns>
    public static int? ParentOfPostgres(long processId) =>
        Read($"/proc/{processId}") is { } stat && stat.Name == "postgres" ? int.Parse(stat.Fields[1], CultureInfo.InvariantCulture) : null;

    // Running processes with their own time, and the first process with that of those that have ended.
    private static double OfServer(int postmaster)
    {
        string parent = postmaster.ToString(CultureInfo.InvariantCulture);
        double ticks = 0;
        foreach (string folder in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
        {
            if (Read(folder) is not { } stat)
            {
                continue;
            }

            bool first = Path.GetFileName(folder) == parent;
            if (first || stat.Fields[1] == parent)
            {
                ticks += stat.Fields[11..(first ? 15 : 13)].Sum(field => double.Parse(field, CultureInfo.InvariantCulture));
            }
        }

        return ticks / TicksPerSecond;
    }

    // The name stands in brackets; the state follows, then the parent.
    private static (string Name, string[] Fields)? Read(string folder)
    {
        try
        {
            string text = File.ReadAllText(Path.Combine(folder, "stat"));
            int end = text.LastIndexOf(')');
            return (text[(text.IndexOf('(', StringComparison.Ordinal) + 1)..end], text[(end + 2)..].Split(' '));
        }
        catch (IOException)
        {
            // It has ended, or this is no Linux.
            return null;
        }
    }
}
