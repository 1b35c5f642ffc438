using System.Globalization;

namespace OrleansMemory.Benchmarks.Measuring;

/// <summary>PostgreSQL's processor time. Unlike elapsed time it says about the same on a machine that others use as well.</summary>
internal static class ProcessorTime
{
    // USER_HZ, the unit of /proc; it is 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>The first process of the server that a process of this machine belongs to.</summary>
    /// <param name="backend">The process that serves a connection.</param>
    /// <returns>The first process's id; <see langword="null"/> when there is no such process here, or it is none of PostgreSQL.</returns>
    public static int? Postmaster(long backend) =>
        Read(FormattableString.Invariant($"/proc/{backend}")) is { } stat && stat.Name == "postgres"
            ? int.Parse(stat.Fields[1], CultureInfo.InvariantCulture)
            : null;

    /// <summary>What a server has used: its running processes, and those that have ended.</summary>
    /// <param name="postmaster">Its first process; <see langword="null"/> when it runs elsewhere.</param>
    /// <returns>Seconds, or not a number.</returns>
    public static double OfServer(int? postmaster)
    {
        if (postmaster?.ToString(CultureInfo.InvariantCulture) is not { } parent)
        {
            return double.NaN;
        }

        double ticks = 0;
        foreach (string folder in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
        {
            if (Read(folder) is not { } stat)
            {
                continue;
            }

            // After user and system time of a process stand those of its ended children.
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
