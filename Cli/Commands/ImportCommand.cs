using System.CommandLine;
using System.Globalization;
using OrleansMemory.Cli.Terminal;
using OrleansMemory.Cli.Transfer;
using OrleansMemory.Cli.Transfer.Import;
using OrleansMemory.Cli.Transfer.Import.ChatGpt;
using OrleansMemory.Cli.Transfer.Import.Converted;
using OrleansMemory.Cli.Transfer.Import.Letta;
using OrleansMemory.Cli.Transfer.Progress;
using OrleansMemory.Http;

namespace OrleansMemory.Cli.Commands;

/// <summary>Reads what <c>export</c> wrote, an Agent File of Letta or ChatGPT's data export.</summary>
internal sealed class ImportCommand(Invocation invocation)
{
    private const string Text = """
        Reads a conversation, a user or a tenant that export wrote, an Agent File of Letta (.af), or the conversations.json of ChatGPT's data export. What the file is, is seen by its
        content.

        What is there already is left as it is: ids are the same at every import, so that an import that was interrupted is taken up again by the same command, and nothing is written
        twice. The report at the end says what was read, what was left out and why.
        """;

    private readonly Argument<string> _file = new("file") { Description = "The file." };
    private readonly Option<string?> _format = new("--format")
    {
        Description = "What the file must be: omem, letta or chatgpt. Without it, any of them.",
    };
    private readonly Option<string?> _conversation = Ids.Option(
        "--conversation",
        "The id of the conversation that a file of one conversation becomes."
    );
    private readonly Option<string?> _user = Ids.Option(
        "--user",
        "The user that all of the file is given to. Without it conversations stay with the users of the file; those of letta and chatgpt have none."
    );
    private readonly Option<bool> _branches = new("--branches")
    {
        Description = "ChatGPT: imports also the answers that were not chosen, each path to one as a conversation of its own.",
    };
    private readonly Option<bool> _hidden = new("--hidden")
    {
        Description = "ChatGPT: imports also messages that it does not show, such as the user's own instructions to it.",
    };
    private readonly TransferOptions _options = new();

    public static Command Create(Connection connection, Invocation invocation)
    {
        var import = new ImportCommand(invocation);
        import._format.AcceptOnlyFromAmong("omem", "letta", "chatgpt");
        var command = new Command("import", Text)
        {
            import._file,
            import._format,
            import._conversation,
            import._user,
            import._branches,
            import._hidden,
        };
        import._options.AddTo(command);
        command.SetAction(
            (parsed, cancellationToken) =>
                connection.RunAsync(
                    parsed,
                    (http, printer) => import.RunAsync(parsed, new MemoryHttpClient(http), printer, cancellationToken)
                )
        );
        return command;
    }

    private async Task RunAsync(ParseResult parsed, MemoryHttpClient memory, Printer printer, CancellationToken cancellationToken)
    {
        FileStream file = Open(parsed.GetRequiredValue(_file));
        await using (file)
        {
            (ImportFormat format, int begin) = await FormatDetector.DetectAsync(file);
            Check(parsed, file.Name, format);
            file.Seek(begin, SeekOrigin.Begin);
            if (format == ImportFormat.Conversation)
            {
                await ImportDocumentAsync(parsed, memory, file, printer, cancellationToken);
                return;
            }

            var tally = new ImportTally();
            try
            {
                await new TransferProgress(invocation, _options.IsQuiet(parsed) || printer.IsJson).RunAsync(
                    format == ImportFormat.Letta ? "agents" : "bytes",
                    async meter =>
                    {
                        await ImportAsync(parsed, memory, file, format, tally, meter, cancellationToken);
                        return true;
                    }
                );
            }
            catch (MalformedFileException) when (tally.HasRead)
            {
                Write(printer, tally.Report(file.Name, NameOf(format)));
                throw;
            }

            ImportReport report = tally.Report(file.Name, NameOf(format));
            Write(printer, report);
            if (report.Failures.Count > 0)
            {
                throw new IncompleteTransferException(
                    FormattableString.Invariant(
                        $"{report.Failures.Count} part(s) of {file.Name} were not imported: the report says which and why."
                    )
                );
            }
        }
    }

    private static FileStream Open(string name)
    {
        if (Directory.Exists(name))
        {
            throw new UsageException($"{Path.GetFullPath(name)} is a folder: name the file in it, for instance conversations.json.");
        }

        if (name.Length == 0 || !File.Exists(name))
        {
            throw new UsageException($"There is no file {(name.Length == 0 ? "without a name" : Path.GetFullPath(name))}.");
        }

        var file = new FileStream(
            Path.GetFullPath(name),
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read,
            bufferSize: 128 * 1024,
            FileOptions.Asynchronous | FileOptions.SequentialScan
        );
        if (!file.CanSeek)
        {
            file.Dispose();
            throw new UsageException($"{name} is no regular file: an import looks at it more than once.");
        }

        return file;
    }

    private static string NameOf(ImportFormat format) =>
        format switch
        {
            ImportFormat.Letta => "letta",
            ImportFormat.ChatGpt => "chatgpt",
            _ => "omem",
        };

    private void Check(ParseResult parsed, string name, ImportFormat format)
    {
        if (parsed.GetValue(_format) is { } wanted && wanted != NameOf(format))
        {
            throw new MalformedFileException($"{name} is not of the format {wanted}, but of {NameOf(format)}.");
        }

        bool isNamed = parsed.GetValue(_conversation) is not null;
        if (format == ImportFormat.Conversation && !isNamed)
        {
            throw new UsageException($"{name} is one conversation, and does not say its id: add --conversation.");
        }

        if (isNamed && format is not (ImportFormat.Conversation or ImportFormat.Letta))
        {
            throw new UsageException($"{name} has conversations with ids of their own: leave --conversation out.");
        }

        if (parsed.GetValue(_user) is not null && format is ImportFormat.Conversation or ImportFormat.Tenant)
        {
            throw new UsageException($"{name} says whose its conversations are: leave --user out.");
        }

        if ((parsed.GetValue(_branches) || parsed.GetValue(_hidden)) && format != ImportFormat.ChatGpt)
        {
            throw new UsageException("--branches and --hidden are for ChatGPT's export.");
        }
    }

    private async Task ImportDocumentAsync(
        ParseResult parsed,
        MemoryHttpClient memory,
        FileStream file,
        Printer printer,
        CancellationToken cancellationToken
    )
    {
        ConversationDocument imported = await memory.ImportConversationAsync(
            parsed.GetRequiredValue(_conversation)!,
            file,
            cancellationToken
        );
        printer.Write(imported, one => printer.Line($"{one.Id}: {one.MessageCount} messages"));
    }

    private Task ImportAsync(
        ParseResult parsed,
        MemoryHttpClient memory,
        FileStream file,
        ImportFormat format,
        ImportTally tally,
        TransferMeter meter,
        CancellationToken cancellationToken
    )
    {
        string? user = parsed.GetValue(_user);
        int parallel = _options.Parallel(parsed);
        var retry = new Retry(invocation.RetryPause);
        if (format is ImportFormat.User or ImportFormat.Tenant)
        {
            return new LinesImport(memory, tally, retry).ImportAsync(file, user, parallel, meter, cancellationToken);
        }

        var import = new ConvertedImport(memory, user, tally, retry);
        if (format == ImportFormat.Letta)
        {
            return new LettaImport(import, tally).ImportAsync(file, parsed.GetValue(_conversation), parallel, meter, cancellationToken);
        }

        var folder = new ExportFolder(Path.GetDirectoryName(file.Name)!, tally);
        var converter = new ChatGptConverter(folder, parsed.GetValue(_branches), parsed.GetValue(_hidden), tally);
        return new ChatGptImport(converter, import, tally).ImportAsync(file, parallel, meter, cancellationToken);
    }

    private static void Write(Printer printer, ImportReport report) =>
        printer.Write(
            report,
            one =>
            {
                printer.Line(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{one.Imported.Conversations} conversations, {one.Imported.Messages} messages, {one.Imported.Entries} entries, {one.Imported.Memories} memories imported; {one.Unchanged} conversations were there already, {one.Continued} were continued"
                    )
                );
                printer.Line(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"read of {one.File} ({one.Format}): {one.Read.Conversations} conversations, {one.Read.Messages} messages, {one.Read.Entries} entries, {one.Read.Memories} memories"
                    )
                );
                foreach (ImportNote note in one.Notes)
                {
                    printer.Line(string.Create(CultureInfo.InvariantCulture, $"  {note.Count} x {note.What}"));
                }

                foreach (ImportFailure failure in one.Failures)
                {
                    printer.Line($"  {failure.Where}: not imported: {failure.Why}");
                }
            }
        );
}
