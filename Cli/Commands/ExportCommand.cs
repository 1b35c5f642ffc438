using System.CommandLine;
using OrleansMemory.Cli.Terminal;
using OrleansMemory.Cli.Transfer;
using OrleansMemory.Cli.Transfer.Export;
using OrleansMemory.Cli.Transfer.Progress;
using OrleansMemory.Http;

namespace OrleansMemory.Cli.Commands;

/// <summary>Writes a conversation, all of a user or all of a tenant to a file.</summary>
internal sealed class ExportCommand(Invocation invocation)
{
    private const string StandardOutput = "-";
    private const string TenantHeader = "OrleansMemory-Tenant";

    private const string Text = """
        Writes a conversation (a JSON document), all of a user or all of the tenant (JSON lines) to a file.

        A conversation is in it with its settings, messages and entries, whole and as of one moment, a fork with all that it shares; of a user or tenant also each long-term memory with its
        history. Not in it: keys, quotas and settings of the tenant, usage, the audit trail, embeddings (made again on import).

        An export that was interrupted - by Ctrl-C, a kill, a lost connection, a full disk - goes on where it was when the same command is given again: until it is whole it is
        FILE.omem-part, with FILE.omem-journal beside it. One conversation is fetched from its beginning again.
        """;

    private readonly TransferTarget _target = new();
    private readonly TransferOptions _options = new();
    private readonly Argument<string> _file = new("file")
    {
        Description = "The file. It must not exist, and is there once the export is whole. '-' is the output; that is not taken up again.",
    };

    public static Command Create(Connection connection, Invocation invocation)
    {
        var export = new ExportCommand(invocation);
        var command = new Command("export", Text) { export._file };
        export._target.AddTo(command);
        export._options.AddTo(command);
        command.SetAction(
            (parsed, cancellationToken) =>
                connection.RunAsync(parsed, (http, printer) => export.RunAsync(parsed, http, printer, cancellationToken))
        );
        return command;
    }

    private async Task RunAsync(ParseResult parsed, HttpClient http, Printer printer, CancellationToken cancellationToken)
    {
        var progress = new TransferProgress(invocation, _options.IsQuiet(parsed) || printer.IsJson);
        string name = parsed.GetRequiredValue(_file);
        if (name == StandardOutput)
        {
            await progress.RunAsync(Unit(parsed), meter => WriteToOutputAsync(parsed, http, meter, cancellationToken));
            return;
        }

        ExportJournal journal = await ExportJournal.OpenAsync(Check(name), Describe(parsed, http));
        await using (journal)
        {
            try
            {
                ExportReport report = await progress.RunAsync(
                    Unit(parsed),
                    meter => WriteToFileAsync(parsed, http, journal, meter, cancellationToken)
                );
                printer.Write(report, one => printer.Line(one.Say()));
            }
            catch (Exception failure) when (failure is not UsageException && journal.IsWorthKeeping)
            {
                await invocation.Error.WriteLineAsync(
                    $"omem: not whole yet: {PlainText.Of(journal.Part.Name)}. The same command goes on from there."
                );
                throw;
            }
        }
    }

    private string Unit(ParseResult parsed) => _target.Conversation(parsed) is null ? "conversations" : "bytes";

    private static FileInfo Check(string name)
    {
        if (name.Length == 0)
        {
            throw new UsageException("The file has no name.");
        }

        var file = new FileInfo(name);
        return Directory.Exists(file.FullName) ? throw new UsageException($"{file.FullName} is a folder: name a file.")
            : Path.Exists(file.FullName) ? throw new UsageException($"{file.FullName} exists already.")
            : !file.Directory!.Exists ? throw new UsageException($"There is no folder {file.Directory.FullName}.")
            : file;
    }

    private string Describe(ParseResult parsed, HttpClient http)
    {
        string tenant = http.DefaultRequestHeaders.TryGetValues(TenantHeader, out IEnumerable<string>? names)
            ? $", tenant {names.First()}"
            : string.Empty;
        return $"{_target.Describe(parsed)} of {http.BaseAddress}{tenant}";
    }

    private LinesExport Lines(ParseResult parsed, HttpClient http) =>
        new(http, _target.User(parsed), _options.Parallel(parsed), new Retry(invocation.RetryPause));

    private async Task<ExportReport> WriteToFileAsync(
        ParseResult parsed,
        HttpClient http,
        ExportJournal journal,
        TransferMeter meter,
        CancellationToken cancellationToken
    )
    {
        if (_target.Conversation(parsed) is { } conversation)
        {
            var memory = new MemoryHttpClient(http);
            var export = new DocumentExport(memory, conversation);
            await memory.GetConversationAsync(conversation, cancellationToken);
            await new Retry(invocation.RetryPause).ExecuteAsync(
                () =>
                {
                    journal.Part.SetLength(0);
                    meter.Set(0);
                    return export.WriteAsync(journal.Part, meter, cancellationToken);
                },
                cancellationToken
            );
            return new ExportReport(journal.Target, await journal.CompleteAsync(), null, IsResumed: false);
        }

        using var lines = new LineFile(journal.Part, journal);
        await Lines(parsed, http).WriteAsync(lines, journal.State, meter, cancellationToken);
        return new ExportReport(journal.Target, await journal.CompleteAsync(), lines.Counts, journal.IsResumed);
    }

    private async Task<bool> WriteToOutputAsync(
        ParseResult parsed,
        HttpClient http,
        TransferMeter meter,
        CancellationToken cancellationToken
    )
    {
        Stream output = invocation.OpenOutput?.Invoke() ?? throw new UsageException("There is no output for bytes here.");
        await using (output)
        {
            if (_target.Conversation(parsed) is { } conversation)
            {
                return await new DocumentExport(new MemoryHttpClient(http), conversation).WriteAsync(output, meter, cancellationToken);
            }

            using var lines = new LineFile(output, null);
            await Lines(parsed, http).WriteAsync(lines, null, meter, cancellationToken);
            return true;
        }
    }
}
