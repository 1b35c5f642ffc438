using System.CommandLine;
using OrleansMemory.Http;

namespace OrleansMemory.Cli.Commands;

/// <summary>Reads a conversation, or all of a user, from a file that <c>export</c> wrote.</summary>
internal static class ImportCommand
{
    public static Command Create(Connection connection)
    {
        var target = new ConversationOrUser("Imports this conversation.", "Imports all of this user: conversations and memories.");
        var file = new Argument<FileInfo>("file") { Description = "What export wrote." };
        var command = new Command("import", "Reads what export wrote. A conversation must not exist; what a user has already is left as it is, so that an import may be repeated.") { file };
        target.AddTo(command);
        command.SetAction((parsed, cancellationToken) => connection.RunAsync(parsed, async (memory, printer) =>
        {
            FileInfo from = parsed.GetRequiredValue(file);
            if (!from.Exists)
            {
                throw new UsageException($"There is no file {from.FullName}.");
            }

            await using FileStream content = from.OpenRead();
            if (target.Conversation(parsed) is { } id)
            {
                ConversationDocument imported = await memory.ImportConversationAsync(id, content, cancellationToken);
                printer.Write(imported, one => printer.Line($"{one.Id}: {one.MessageCount} messages"));
            }
            else
            {
                ImportedUserDocument imported = await memory.ImportUserAsync(target.User(parsed)!, content, cancellationToken);
                printer.Write(imported, one => printer.Line($"{one.Conversations} conversations, {one.Messages} messages, {one.Memories} memories; {one.Skipped} were there already"));
            }
        }));
        return command;
    }
}
