using Microsoft.Win32.SafeHandles;

namespace OrleansMemory.Cli;

/// <summary>The tool's program.</summary>
internal static class Program
{
    private const int OutputHandle = 1;

    private static Task<int> Main(string[] args) =>
        OmemCommand
            .Create(
                new Invocation(
                    Console.Out,
                    Console.Error,
                    Console.In,
                    Environment.GetEnvironmentVariable,
                    !Console.IsOutputRedirected,
                    IsErrorTerminal: !Console.IsErrorRedirected,
                    OpenOutput: OpenOutput
                )
            )
            .RunAsync(args);

    // The console's own stream does not tell when its reader has gone; a file's does.
    private static Stream OpenOutput() =>
        OperatingSystem.IsWindows()
            ? Console.OpenStandardOutput()
            : new FileStream(new SafeFileHandle(OutputHandle, ownsHandle: false), FileAccess.Write, bufferSize: 0);
}
