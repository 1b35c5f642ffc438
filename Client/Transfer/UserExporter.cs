using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Users;

namespace OrleansMemory.Client.Transfer;

/// <summary>Writes all that a user has, line by line, in bounded memory.</summary>
internal sealed class UserExporter : IAsyncDisposable
{
    // A conversation that changes all the time is left out after this many beginnings, and counted.
    private const int MaxAttempts = 5;

    private readonly ConversationClient _client;
    private readonly UserKey _user;
    private readonly TimeProvider _time;
    private readonly Stream _destination;
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _line;
    private UserTransferCounts _counts = new();

    public UserExporter(ConversationClient client, UserKey user, TimeProvider time, Stream destination)
    {
        _client = client;
        _user = user;
        _time = time;
        _destination = destination;
        _line = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = LoneSurrogateEncoder.Instance, SkipValidation = true });
    }

    public async Task<UserTransferCounts> WriteAsync(CancellationToken cancellationToken)
    {
        IUserTransferGrain grain = _client.Grains.GetGrain<IUserTransferGrain>(_user.ToString());
        long transfer = await _client.Retry.ExecuteAsync(
            static (to, token) => to.BeginAsync(isImport: false, token),
            grain,
            cancellationToken
        );
        await WriteLineAsync(UserExportFormat.Begin, WriteBegin, cancellationToken);
        var query = new ConversationListQuery { UserId = _user.UserId };
        await foreach (Head head in _client.ListAllAsync(query, _user.Tenant, cancellationToken))
        {
            await WriteConversationAsync(_client.Get(head.Key), cancellationToken);
        }

        await WriteMemoriesAsync(grain, cancellationToken);
        await WriteLineAsync(UserExportFormat.End, WriteEnd, cancellationToken);
        await FlushAsync(0, cancellationToken);
        await _destination.FlushAsync(cancellationToken);
        await grain.CompleteAsync(transfer, _counts, cancellationToken);
        return _counts;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _line.DisposeAsync();

    private void WriteBegin()
    {
        _line.WriteString(ExportFormat.FormatField, UserExportFormat.Name);
        _line.WriteNumber(ExportFormat.FormatVersionField, UserExportFormat.Version);
        _line.WriteString(ExportFormat.ExportedAtField, _time.GetUtcNow());
        _line.WriteString("userId", _user.UserId);
    }

    private void WriteEnd()
    {
        _line.WriteNumber("conversations", _counts.Conversations);
        _line.WriteNumber("messages", _counts.Messages);
        _line.WriteNumber("entries", _counts.Entries);
        _line.WriteNumber("memories", _counts.Memories);
        _line.WriteNumber("skipped", _counts.Skipped);
    }

    private async Task WriteConversationAsync(Conversation conversation, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            // Gone, or somebody else's by now: it is not the user's any more.
            if (
                await conversation.GetSnapshotAsync(cancellationToken) is not { } snapshot
                || !string.Equals(snapshot.Head.Settings.UserId, _user.UserId, StringComparison.Ordinal)
            )
            {
                return;
            }

            if (await TryWriteAsync(conversation, snapshot, cancellationToken))
            {
                return;
            }

            _counts = _counts with { Skipped = _counts.Skipped + 1 };
            await WriteLineAsync(UserExportFormat.Dropped, () => _line.WriteString("id", conversation.Key.Id), cancellationToken);
        }
    }

    private async Task<bool> TryWriteAsync(Conversation conversation, ConversationSnapshot snapshot, CancellationToken cancellationToken)
    {
        Head head = snapshot.Head;
        int entries = 0;
        await WriteLineAsync(UserExportFormat.Conversation, () => entries = WriteHead(snapshot), cancellationToken);
        long expected = head.FirstSequence;
        try
        {
            var query = new MessageQuery { After = head.FirstSequence - 1, Before = head.LastSequence + 1 };
            if (head.MessageCount > 0)
            {
                await foreach (Message message in conversation.StreamStoredMessagesAsync(query, cancellationToken))
                {
                    if (message.Sequence != expected)
                    {
                        return false;
                    }

                    expected++;
                    await WriteLineAsync(UserExportFormat.Message, () => WriteMessage(message), cancellationToken);
                }
            }
        }
        catch (Exception exception) when (exception is ConversationNotFoundException or ConversationChangedException)
        {
            return false;
        }

        if (expected != head.LastSequence + 1)
        {
            return false;
        }

        _counts = _counts with
        {
            Conversations = _counts.Conversations + 1,
            Messages = _counts.Messages + head.MessageCount,
            Entries = _counts.Entries + entries,
        };
        return true;
    }

    private int WriteHead(ConversationSnapshot snapshot)
    {
        Head head = snapshot.Head;
        _line.WriteString("id", head.Key.Id);
        if (head.ExpiresAt is { } expiresAt)
        {
            _line.WriteString("expiresAt", expiresAt);
        }

        if (head.Origin is { } origin)
        {
            _line.WriteStartObject("origin");
            _line.WriteString("id", origin.Id);
            _line.WriteNumber("sequence", origin.Sequence);
            _line.WriteEndObject();
        }

        return ConversationExporter.WriteHeader(_line, snapshot, _time.GetUtcNow());
    }

    private void WriteMessage(Message message)
    {
        _line.WriteNumber("sequence", message.Sequence);
        _line.WriteString("messageId", message.Id);
        _line.WriteString("role", message.Role);
        if (message.Author is { } author)
        {
            _line.WriteString("authorName", author);
        }

        _line.WriteString("createdAt", message.Created);
        WriteJson("contents", message.Contents);
        if (message.Metadata is { } metadata)
        {
            WriteJson("additionalProperties", metadata);
        }
    }

    private async Task WriteMemoriesAsync(IUserTransferGrain grain, CancellationToken cancellationToken)
    {
        long? after = 0;
        while (after is { } next)
        {
            MemoryRecordPage page = await _client.Retry.ExecuteAsync(
                static (state, token) => state.grain.ReadMemoriesAsync(state.next, token),
                (grain, next),
                cancellationToken
            );
            foreach (MemoryRecord record in page.Records)
            {
                await WriteLineAsync(UserExportFormat.Memory, () => MemoryLine.Write(_line, record), cancellationToken);
                _counts = _counts with { Memories = _counts.Memories + 1 };
            }

            after = page.Next;
        }
    }

    private void WriteJson(string name, string json)
    {
        _line.WritePropertyName(name);
        _line.WriteRawValue(json, skipInputValidation: true);
    }

    private async ValueTask WriteLineAsync(string kind, Action fields, CancellationToken cancellationToken)
    {
        int start = _buffer.WrittenCount;
        _line.WriteStartObject();
        _line.WriteStartObject(kind);
        fields();
        _line.WriteEndObject();
        _line.WriteEndObject();
        await _line.FlushAsync(cancellationToken);
        _line.Reset();

        // Stored JSON is written as it is kept. In texts JSON escapes line breaks; those between tokens mean nothing, and here they would
        // end the line.
        Span<byte> written = MemoryMarshal.AsMemory(_buffer.WrittenMemory).Span[start..];
        written.Replace((byte)'\n', (byte)' ');
        written.Replace((byte)'\r', (byte)' ');
        _buffer.Write("\n"u8);
        await FlushAsync(ExportFormat.ChunkBytes, cancellationToken);
    }

    private async ValueTask FlushAsync(int atLeast, CancellationToken cancellationToken)
    {
        if (_buffer.WrittenCount >= atLeast)
        {
            await _destination.WriteAsync(_buffer.WrittenMemory, cancellationToken);
            _buffer.ResetWrittenCount();
        }
    }
}
