using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace OrleansMemory.Tests.Support;

/// <summary>
/// A fact that runs programs of Node.js, whose packages npm fetches. Where either is missing, or npm reaches no registry, the fact is left
/// out and says so.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NpmFactAttribute : ConditionalFactAttribute
{
    private static readonly Lazy<string?> Missing = new(Find);

    public NpmFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(Missing.Value, sourceFilePath, sourceLineNumber) { }

    private static string? Find() =>
        Run("node", "--version")
            ? Run("npm", "--version")
                ? Run("npm", "ping", "--fetch-retries=0")
                    ? null
                    : "npm does not reach its registry. This test fetches packages from it."
                : "npm is missing. Install it for this test (Debian: apt-get install npm)."
            : "Node.js is missing. Install it for this test (Debian: apt-get install nodejs).";

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo(program, arguments)
                {
                    UseShellExecute = false,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
            process.OutputDataReceived += static (_, _) => { };
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            return process.WaitForExit(TimeSpan.FromSeconds(30)) && process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
