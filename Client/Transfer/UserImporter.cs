using System.Collections.Immutable;
using System.Text.Json;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;
using OrleansMemory.Users;

namespace OrleansMemory.Client.Transfer;

/// <summary>
/// Reads an exported user, line by line, in bounded memory. What is there already is left as it is, so that a file that was cut may be sent
/// again.
/// </summary>
/// <param name="user">To whom.</param>
/// <param name="time">The caller's clock.</param>
internal sealed class UserImporter(ConversationClient client, UserKey user, TimeProvider time)
{
    private const int MaxLineBytes = 128 * 1024 * 1024;
    private const int ChunkMemories = 100;

    private readonly ImmutableArray<MemoryRecord>.Builder _memories = ImmutableArray.CreateBuilder<MemoryRecord>();
    private ConversationLines? _open;
    private UserTransferCounts _read = new();
    private long _skipped;
    private long _memoryBytes;

    private IUserTransferGrain Grain => field ??= client.Grains.GetGrain<IUserTransferGrain>(user.ToString());

    public async Task<UserTransferCounts> ReadAsync(Stream source, CancellationToken cancellationToken)
    {
        using var lines = new LineReader(source, MaxLineBytes);
        using (JsonDocument? first = await lines.ReadAsync(cancellationToken))
        {
            RequireBegin(first);
        }

        long transfer = await client.Retry.ExecuteAsync(
            static (grain, token) => grain.BeginAsync(isImport: true, token),
            Grain,
            cancellationToken
        );
        bool ended = false;
        while (await lines.ReadAsync(cancellationToken) is { } document)
        {
            using (document)
            {
                ended = !ended
                    ? await ReadLineAsync(document.RootElement, cancellationToken)
                    : throw new InvalidRequestException(Where(lines), "Nothing may follow the last line of an exported user.");
            }
        }

        if (!ended)
        {
            // What came before is imported as far as conversations are whole.
            throw new InvalidRequestException(
                UserExportFormat.End,
                "The file was cut: its last line, which says how much there is, is missing. Send the whole file; what is there already is left as it is."
            );
        }

        UserTransferCounts counts = _read with { Skipped = _skipped };
        await Grain.CompleteAsync(transfer, counts, cancellationToken);
        return counts;
    }

    private static string Where(LineReader lines) => FormattableString.Invariant($"line {lines.Number}");

    private static void RequireBegin(JsonDocument? document)
    {
        if (document is null)
        {
            throw new InvalidRequestException("body", "An exported user is expected here, one JSON object a line.");
        }

        StrictObject line = StrictObject.Read(document.RootElement, string.Empty, UserExportFormat.Begin);
        StrictObject begin = StrictObject.Read(
            line.Required(UserExportFormat.Begin),
            UserExportFormat.Begin,
            ExportFormat.FormatField,
            ExportFormat.FormatVersionField,
            ExportFormat.ExportedAtField,
            "userId"
        );
        if (
            begin.RequiredText(ExportFormat.FormatField) != UserExportFormat.Name
            || begin.RequiredInteger(ExportFormat.FormatVersionField) != UserExportFormat.Version
        )
        {
            throw new InvalidRequestException(
                begin.PathOf(ExportFormat.FormatField),
                $"\"{UserExportFormat.Name}\" of version {UserExportFormat.Version} is expected here."
            );
        }
    }

    /// <returns>Whether it was the last line.</returns>
    private async Task<bool> ReadLineAsync(JsonElement root, CancellationToken cancellationToken)
    {
        Dictionary<string, JsonElement> fields = StrictObject.ReadMap(root, string.Empty);
        (string kind, JsonElement value) = fields.Count == 1 ? fields.Single() : throw NoLine();
        if (kind == UserExportFormat.Message)
        {
            ConversationLines open = _open ?? throw new InvalidRequestException(kind, "A message follows the conversation that it is of.");
            if (await open.AddAsync(value, cancellationToken))
            {
                Close(open);
            }

            return false;
        }

        if (kind == UserExportFormat.Dropped)
        {
            _open = null;
            return false;
        }

        RequireClosed();
        switch (kind)
        {
            case UserExportFormat.Conversation:
                await OpenAsync(value, cancellationToken);
                return false;
            case UserExportFormat.Memory:
                await AddMemoryAsync(value, cancellationToken);
                return false;
            case UserExportFormat.End:
                await WriteMemoriesAsync(cancellationToken);
                RequireCounts(StrictObject.Read(value, kind, "conversations", "messages", "entries", "memories", "skipped"));
                return true;
            default:
                throw NoLine();
        }
    }

    private async Task OpenAsync(JsonElement value, CancellationToken cancellationToken)
    {
        ConversationLines lines = await ConversationLines.OpenAsync(client, user, time.GetUtcNow(), value, cancellationToken);
        _open = lines;
        if (lines.IsComplete)
        {
            Close(lines);
        }
    }

    private void Close(ConversationLines lines)
    {
        _open = null;
        _skipped += lines.IsSkipped ? 1 : 0;
        _read = _read with
        {
            Conversations = _read.Conversations + 1,
            Messages = _read.Messages + lines.Messages,
            Entries = _read.Entries + lines.Entries,
        };
    }

    private async Task AddMemoryAsync(JsonElement value, CancellationToken cancellationToken)
    {
        _memories.Add(MemoryLine.Read(value));
        _memoryBytes += value.GetRawText().Length;
        _read = _read with { Memories = _read.Memories + 1 };
        if (_memories.Count == ChunkMemories || _memoryBytes >= ExportFormat.ChunkBytes)
        {
            await WriteMemoriesAsync(cancellationToken);
        }
    }

    private async Task WriteMemoriesAsync(CancellationToken cancellationToken)
    {
        if (_memories.Count > 0)
        {
            ImmutableArray<MemoryRecord> records = _memories.DrainToImmutable();
            _memoryBytes = 0;
            _skipped +=
                records.Length
                - await client.Retry.ExecuteAsync(
                    static (state, token) => state.Grain.WriteMemoriesAsync(state.records, token),
                    (Grain, records),
                    cancellationToken
                );
        }
    }

    private void RequireClosed()
    {
        if (_open is not null)
        {
            throw new InvalidRequestException(
                UserExportFormat.Message,
                "Messages of a conversation are missing: they end before its lastSequence."
            );
        }
    }

    private void RequireCounts(StrictObject end)
    {
        if (
            (
                end.RequiredInteger("conversations"),
                end.RequiredInteger("messages"),
                end.RequiredInteger("entries"),
                end.RequiredInteger("memories")
            ) != (_read.Conversations, _read.Messages, _read.Entries, _read.Memories)
        )
        {
            throw new InvalidRequestException(
                UserExportFormat.End,
                "The last line says that there is more or less than what came before it: lines are missing, or stand here twice."
            );
        }
    }

    private static InvalidRequestException NoLine() =>
        new(
            "body",
            $"A line is an object with one field: {UserExportFormat.Conversation}, {UserExportFormat.Message}, {UserExportFormat.Dropped}, {UserExportFormat.Memory} or {UserExportFormat.End}."
        );
}
