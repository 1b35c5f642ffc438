using System.Buffers;
using System.Text.Json;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Transfer;

/// <summary>Writes a conversation as one JSON document, message by message.</summary>
internal sealed class ConversationExporter(Conversation conversation, TimeProvider time)
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>Writes the document.</summary>
    /// <param name="destination">Where to; it is flushed and left open. Nothing is written to it before the first chunk is full.</param>
    /// <param name="cancellationToken">Ends the export.</param>
    /// <returns>A task that ends when all is written.</returns>
    public async Task WriteAsync(Stream destination, CancellationToken cancellationToken)
    {
        ConversationSnapshot snapshot =
            await conversation.GetSnapshotAsync(cancellationToken) ?? throw new ConversationNotFoundException(conversation.Key);
        Head head = snapshot.Head;
        var writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = LoneSurrogateEncoder.Instance, SkipValidation = true });
        await using (writer)
        {
            writer.WriteStartObject();
            WriteHeader(writer, snapshot, time.GetUtcNow());
            writer.WriteStartArray(ExportFormat.MessagesField);
            long expected = head.FirstSequence;
            if (head.MessageCount > 0)
            {
                var query = new MessageQuery { After = head.FirstSequence - 1, Before = head.LastSequence + 1 };
                await foreach (Message message in conversation.StreamStoredMessagesAsync(query, cancellationToken))
                {
                    // The stream is as of its own start: a truncation since the snapshot shows as a gap.
                    if (message.Sequence != expected)
                    {
                        throw new ConversationChangedException(expected);
                    }

                    expected++;
                    JsonSerializer.Serialize(writer, MessageDocument.Of(message), TransferJson.Default.MessageDocument);
                    await FlushAsync(writer, destination, ExportFormat.ChunkBytes, cancellationToken);
                }
            }

            if (expected != head.LastSequence + 1)
            {
                throw new ConversationChangedException(expected);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            await FlushAsync(writer, destination, 0, cancellationToken);
            await destination.FlushAsync(cancellationToken);
        }
    }

    /// <summary>Writes the fields that stand before the messages.</summary>
    /// <param name="writer">Where to, within an object.</param>
    /// <param name="now">The instant of the export.</param>
    /// <returns>How many entries there are.</returns>
    internal static int WriteHeader(Utf8JsonWriter writer, ConversationSnapshot snapshot, DateTimeOffset now)
    {
        int entries = 0;
        writer.WriteString(ExportFormat.FormatField, ExportFormat.Name);
        writer.WriteNumber(ExportFormat.FormatVersionField, ExportFormat.Version);
        writer.WriteString(ExportFormat.ExportedAtField, now);
        writer.WriteStartObject(ExportFormat.SettingsField);
        SettingsDocument.WriteFields(writer, snapshot.Head.Settings);
        writer.WriteEndObject();
        writer.WriteNumber(ExportFormat.VersionField, snapshot.Head.Version);
        writer.WriteNumber(ExportFormat.FirstSequenceField, snapshot.Head.FirstSequence);
        writer.WriteNumber(ExportFormat.LastSequenceField, snapshot.Head.LastSequence);
        writer.WriteStartArray(ExportFormat.EntriesField);
        foreach (Entry entry in snapshot.Entries)
        {
            if (entry.Space.StartsWith(EntrySpaces.ToolJournalPrefix, StringComparison.Ordinal))
            {
                // Of use only to the run that is on its way here.
                continue;
            }

            entries++;
            writer.WriteStartObject();
            writer.WriteString("space", entry.Space);
            writer.WriteString("key", entry.Key);
            writer.WritePropertyName("value");
            writer.WriteRawValue(entry.Value, skipInputValidation: true);
            if (entry.ExpiresAt is { } expiresAt)
            {
                writer.WriteString("expiresAt", expiresAt);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        return entries;
    }

    private async ValueTask FlushAsync(Utf8JsonWriter writer, Stream destination, int atLeast, CancellationToken cancellationToken)
    {
        if (_buffer.WrittenCount + writer.BytesPending < atLeast)
        {
            return;
        }

        writer.Flush();
        await destination.WriteAsync(_buffer.WrittenMemory, cancellationToken);
        _buffer.ResetWrittenCount();
    }
}
