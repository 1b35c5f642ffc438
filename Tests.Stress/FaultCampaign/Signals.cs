using System.Diagnostics;
using System.Globalization;

namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>Signals to processes, all of them at once.</summary>
internal static class Signals
{
    /// <summary>Sends a signal; who is gone is left out.</summary>
    /// <param name="processes">To whom.</param>
    public static async Task SendAsync(string signal, params IReadOnlyList<int> processes)
    {
        string[] ids = [.. processes.Select(id => id.ToString(CultureInfo.InvariantCulture))];
        using Process kill = Process.Start(
            new ProcessStartInfo(
                "/bin/sh",
                ["-c", "for p in \"$@\"; do kill -" + signal + " \"$p\" 2>/dev/null; done; true", "kill", .. ids]
            )
        )!;
        await kill.WaitForExitAsync();
    }

    /// <summary>A process and its children, the process first.</summary>
    public static List<int> WithChildren(int parent)
    {
        List<int> found = [parent];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int id) && ParentOf(folder) == parent)
            {
                found.Add(id);
            }
        }

        return found;
    }

    private static int ParentOf(string folder)
    {
        try
        {
            // "12 (name) S 1 …": the name may hold spaces.
            string stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
