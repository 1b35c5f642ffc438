using System.Globalization;

namespace OrleansMemory.Tests.Stress.Hostile;

/// <summary>How much memory a process takes, as Linux counts it, in MiB.</summary>
/// <param name="Now">Resident now.</param>
/// <param name="Peak">The most that was resident since it began.</param>
internal sealed record ProcessMemory(int Now, int Peak)
{
    /// <summary>Reads it.</summary>
    /// <param name="process">The process's id.</param>
    public static ProcessMemory Of(int process)
    {
        string[] lines = File.ReadAllLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/status"));
        return new ProcessMemory(Value("VmRSS"), Value("VmHWM"));

        int Value(string name)
        {
            string line = lines.First(line => line.StartsWith(name, StringComparison.Ordinal));
            return int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
        }
    }
}
