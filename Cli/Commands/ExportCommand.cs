using System.CommandLine;
using OrleansMemory.Http;

namespace OrleansMemory.Cli.Commands;

/// <summary>Writes a conversation, or all of a user, to a file.</summary>
internal static class ExportCommand
{
    public static Command Create(Connection connection)
    {
        var target = new ConversationOrUser("Exports this conversation.", "Exports all of this user: conversations and memories.");
        var file = new Argument<FileInfo>("file") { Description = "The file. It must not exist, and is there once the export is whole." };
        var command = new Command("export", "Writes a conversation as a JSON document, or all of a user as JSON lines, to a file.") { file };
        target.AddTo(command);
        command.SetAction((parsed, cancellationToken) => connection.RunAsync(parsed, async (memory, printer) =>
        {
            FileInfo to = parsed.GetRequiredValue(file);
            if (to.Exists)
            {
                throw new UsageException($"{to.FullName} exists already.");
            }

            long bytes = await WriteAsync(
                to, target.Conversation(parsed) is { } id ? () => memory.ExportConversationAsync(id, cancellationToken) : () => memory.ExportUserAsync(target.User(parsed)!, cancellationToken), cancellationToken);
            printer.Write(new { file = to.FullName, bytes }, one => printer.Line($"{one.file}: {one.bytes} bytes"));
        }));
        return command;
    }

    // Under another name until it is whole: what was cut is no export.
    private static async Task<long> WriteAsync(FileInfo file, Func<Task<FileResponse>> export, CancellationToken cancellationToken)
    {
        string part = $"{file.FullName}.{Guid.NewGuid():N}.part";
        try
        {
            long bytes;
            using (FileResponse exported = await export())
            await using (FileStream to = File.Create(part))
            {
                await exported.Stream.CopyToAsync(to, cancellationToken);
                bytes = to.Length;
            }

            File.Move(part, file.FullName);
            return bytes;
        }
        finally
        {
            File.Delete(part);
        }
    }
}
