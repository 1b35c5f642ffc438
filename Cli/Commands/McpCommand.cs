using System.CommandLine;
using OrleansMemory.Mcp;

namespace OrleansMemory.Cli.Commands;

/// <summary>Serves MCP on standard input and output, for clients that start a process.</summary>
internal static class McpCommand
{
    private const string Route = "mcp";

    public static Command Create(Connection connection)
    {
        var command = new Command("mcp", "An MCP server on standard input and output: the silo's own, with the key that is given here.");
        command.SetAction(
            (parsed, cancellationToken) =>
                connection.RunAsync(
                    parsed,
                    async http =>
                        await McpRelay.RunAsync(
                            http,
                            new Uri(http.BaseAddress!, Route),
                            Console.OpenStandardInput(),
                            Console.OpenStandardOutput(),
                            cancellationToken: cancellationToken
                        )
                )
        );
        return command;
    }
}
