using System.Reflection;
using System.Runtime;
using System.Runtime.InteropServices;

namespace OrleansMemory.Benchmarks.Reporting;

/// <summary>What the figures were measured on.</summary>
/// <param name="Processor">Its model, where the system tells.</param>
/// <param name="Cores">How many cores this process may use.</param>
/// <param name="MemoryGigabytes">How much memory it may use.</param>
/// <param name="OperatingSystem">The operating system.</param>
/// <param name="DotNet">The runtime, with its garbage collector.</param>
/// <param name="LoadBefore">The system's load average over the last minute before the run; on a quiet machine it is near 0.</param>
/// <param name="Code">The commit that was measured.</param>
/// <param name="Postgres">The server's version and the settings that bear on durability.</param>
internal sealed record Machine(
    string Processor,
    int Cores,
    double MemoryGigabytes,
    string OperatingSystem,
    string DotNet,
    string LoadBefore,
    string Code,
    IReadOnlyDictionary<string, string> Postgres
)
{
    public static Machine Describe(IReadOnlyDictionary<string, string> postgres) =>
        new(
            FirstLine("/proc/cpuinfo", "model name")?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString(),
            Environment.ProcessorCount,
            Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024), 1),
            RuntimeInformation.OSDescription,
            $"{RuntimeInformation.FrameworkDescription}, {(GCSettings.IsServerGC ? "server" : "workstation")} GC",
            FirstLine("/proc/loadavg", "")?.Split(' ')[0] ?? "unknown",
            Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
            postgres
        );

    private static string? FirstLine(string file, string start) =>
        File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal)) : null;
}
