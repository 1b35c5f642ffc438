namespace OrleansMemory.Cli;

/// <summary>The tool's program.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) =>
        OmemCommand.Create(new Invocation(Console.Out, Console.Error, Console.In, Environment.GetEnvironmentVariable, !Console.IsOutputRedirected)).RunAsync(args);
}
