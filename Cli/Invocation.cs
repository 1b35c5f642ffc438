using Spectre.Console;

namespace OrleansMemory.Cli;

/// <summary>What surrounds a run of the tool: streams and the environment, which tests replace.</summary>
/// <param name="Output">Where answers go.</param>
/// <param name="Error">Where faults go.</param>
/// <param name="Input">What somebody types, or what is piped in.</param>
/// <param name="Environment">Reads a variable of the environment.</param>
/// <param name="IsTerminal">Whether answers go to a terminal: only that has colours, and a width.</param>
/// <param name="Handler">What sends requests; <see langword="null"/> for sockets.</param>
/// <param name="IsErrorTerminal">Whether faults go to a terminal: only there progress is a bar.</param>
/// <param name="OpenOutput">Opens the output for bytes, such as those of an export to <c>-</c>.</param>
internal sealed record Invocation(
    TextWriter Output,
    TextWriter Error,
    TextReader Input,
    Func<string, string?> Environment,
    bool IsTerminal = false,
    HttpMessageHandler? Handler = null,
    bool IsErrorTerminal = false,
    Func<Stream>? OpenOutput = null
)
{
    /// <summary>How long a call that may be repeated waits before its second attempt.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often progress is told where it is no bar.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromSeconds(5);

    // Wider than any line: what goes to a file or another program is not wrapped.
    private const int Unbounded = 1_000_000;

    /// <summary>The console of faults and progress, which is a terminal.</summary>
    public IAnsiConsole CreateErrorConsole() => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Error) });

    /// <summary>The console for people's eyes.</summary>
    public IAnsiConsole CreateConsole()
    {
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(Output),
                Ansi = IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
                ColorSystem = IsTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No,
            }
        );
        if (!IsTerminal)
        {
            console.Profile.Width = Unbounded;
        }

        return console;
    }
}
