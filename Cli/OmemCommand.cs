using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using OrleansMemory.Cli.Commands;

namespace OrleansMemory.Cli;

/// <summary>The tool.</summary>
internal sealed class OmemCommand
{
    private const string Text = """
        Conversations and memories of an OrleansMemory silo.

        Exit codes: 0 done, 1 refused or failed (also in part), 2 a wrong command line, 3 no silo at the address, 4 a malformed file to import, 130 interrupted.
        """;

    private readonly Invocation _invocation;
    private readonly RootCommand _root = new(Text);

    private OmemCommand(Invocation invocation) => _invocation = invocation;

    /// <summary>Makes the tool.</summary>
    /// <param name="invocation">What surrounds the run.</param>
    public static OmemCommand Create(Invocation invocation)
    {
        var tool = new OmemCommand(invocation);
        var connection = new Connection(invocation);
        foreach (Option option in connection.Options)
        {
            tool._root.Add(option);
        }

        foreach (
            Command command in (Command[])
                [
                    ChatCommand.Create(connection, invocation),
                    ConversationsCommand.Create(connection),
                    ShowCommand.Create(connection),
                    WatchCommand.Create(connection),
                    SearchCommand.Create(connection),
                    RememberCommand.Create(connection),
                    RecallCommand.Create(connection),
                    ExportCommand.Create(connection, invocation),
                    ImportCommand.Create(connection, invocation),
                    EraseCommand.Create(connection),
                    UsageCommand.Create(connection),
                    LoadCommand.Create(connection),
                    McpCommand.Create(connection),
                    CompletionCommand.Create(invocation),
                ]
        )
        {
            tool._root.Add(command);
        }

        foreach (HelpOption help in tool._root.Options.OfType<HelpOption>())
        {
            // On Windows' command lines only; a completion would offer them everywhere.
            help.Aliases.Remove("/h");
            help.Aliases.Remove("/?");
        }

        return tool;
    }

    /// <summary>Runs a command line.</summary>
    /// <returns>The exit code; see <see cref="ExitCodes"/>.</returns>
    public async Task<int> RunAsync(string[] arguments)
    {
        ParseResult parsed = _root.Parse(arguments);
        if (parsed.Action is ParseErrorAction errors)
        {
            errors.ShowHelp = false;
        }

        try
        {
            int exitCode = await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = _invocation.Output,
                    Error = _invocation.Error,
                    EnableDefaultExceptionHandler = false,
                }
            );
            return parsed.Action is ParseErrorAction ? ExitCodes.Usage : exitCode;
        }
        catch (Exception failure)
        {
            (string text, int exitCode) = Failure.Describe(failure, null);
            await _invocation.Error.WriteLineAsync("omem: " + text);
            return exitCode;
        }
    }
}
