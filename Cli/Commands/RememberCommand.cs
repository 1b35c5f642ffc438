using System.CommandLine;
using OrleansMemory.Http;

namespace OrleansMemory.Cli.Commands;

/// <summary>Records what is worth knowing.</summary>
internal static class RememberCommand
{
    public static Command Create(Connection connection)
    {
        var texts = new Argument<string[]>("texts")
        {
            Description = "What to remember, each text a memory.",
            Arity = ArgumentArity.OneOrMore,
        };
        var scope = new ScopeOptions();
        var command = new Command("remember", "Records memories of a user, an agent or a session.") { texts };
        scope.AddTo(command);
        command.SetAction(
            (parsed, cancellationToken) =>
                connection.RunAsync(
                    parsed,
                    async (memory, printer) =>
                    {
                        RecordedDocument recorded = await memory.RecordMemoriesAsync(
                            new RecordBody
                            {
                                Agent = scope.Agent(parsed),
                                User = scope.User(parsed),
                                Session = scope.Session(parsed),
                                Contents = parsed.GetRequiredValue(texts),
                            },
                            idempotencyKey: Guid.NewGuid().ToString(),
                            cancellationToken
                        );
                        printer.Write(
                            recorded,
                            one =>
                            {
                                foreach (string id in one.MemoryIds)
                                {
                                    printer.Line(id);
                                }
                            }
                        );
                    }
                )
        );
        return command;
    }
}
