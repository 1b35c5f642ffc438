using System.CommandLine;
using OrleansMemory.Http;

namespace OrleansMemory.Cli.Commands;

/// <summary>Erases a user.</summary>
internal static class EraseCommand
{
    public static Command Create(Connection connection)
    {
        var user = Ids.Argument("user", "The user's id.");
        var yes = new Option<bool>("--yes") { Description = "Really. Nothing brings it back." };
        var command = new Command("erase", "Erases a user: all conversations and memories, at once and for good.") { user, yes };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(yes))
            {
                result.AddError("Nothing brings an erased user back: add --yes.");
            }
        });
        command.SetAction(
            (parsed, cancellationToken) =>
                connection.RunAsync(
                    parsed,
                    async (memory, printer) =>
                    {
                        ErasedDocument erased = await memory.EraseUserAsync(parsed.GetRequiredValue(user), cancellationToken);
                        printer.Write(
                            erased,
                            one =>
                                printer.Line(
                                    $"erased: {one.Conversations} conversations, {one.Messages} messages, {one.Entries} entries, {one.Memories} memories"
                                )
                        );
                    }
                )
        );
        return command;
    }
}
