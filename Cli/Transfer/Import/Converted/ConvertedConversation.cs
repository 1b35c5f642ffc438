using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using OrleansMemory.Cli.Transfer.Json;

namespace OrleansMemory.Cli.Transfer.Import.Converted;

/// <summary>A conversation of another program, as a silo takes it.</summary>
/// <param name="Id">Its id, the same at every import.</param>
/// <param name="Metadata">Where it comes from.</param>
/// <param name="Entries">Its entries: name and value, in the namespace that the other program gives its name to.</param>
internal sealed record ConvertedConversation(
    string Id,
    string? Title,
    string? AgentId,
    JsonObject Metadata,
    IReadOnlyList<ConvertedMessage> Messages,
    IReadOnlyList<ConvertedEntry> Entries
)
{
    private const int MaxTitleBytes = 1024;

    private static readonly JsonSerializerOptions ContentsJson = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    /// <summary>How much it is.</summary>
    public TransferCounts Counts => new(1, Messages.Count, Entries.Count);

    /// <summary>The document that a silo imports.</summary>
    public ReadOnlyMemory<byte> ToDocument(string? user) =>
        Write(writer =>
        {
            writer.WriteString("format", JsonLines.ConversationFormat);
            writer.WriteNumber("formatVersion", JsonLines.Version);
            writer.WriteStartObject("settings");
            WriteText(writer, "userId", user);
            WriteText(writer, "agentId", Texts.Cut(AgentId, Texts.MaxNameBytes));
            WriteText(writer, "title", Texts.Cut(Title, MaxTitleBytes));
            writer.WritePropertyName("metadata");
            Metadata.WriteTo(writer);
            writer.WriteEndObject();
            writer.WriteNumber("firstSequence", 1);
            writer.WriteNumber("lastSequence", Messages.Count);
            writer.WriteStartArray("entries");
            foreach (ConvertedEntry entry in Entries)
            {
                writer.WriteStartObject();
                writer.WriteString("space", entry.Space);
                writer.WriteString("key", entry.Key);
                writer.WritePropertyName("value");
                entry.Value.WriteTo(writer);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteStartArray("messages");
            for (int at = 0; at < Messages.Count; at++)
            {
                WriteMessage(writer, Messages[at], at + 1);
            }

            writer.WriteEndArray();
        });

    /// <summary>The turn that appends messages that a conversation does not have yet.</summary>
    /// <param name="from">How many it has.</param>
    /// <param name="count">How many to append.</param>
    public ReadOnlyMemory<byte> ToTurn(int from, int count, long version) =>
        Write(writer =>
        {
            writer.WriteString("turnId", Texts.Cut($"omem-import-{Messages[from].Id}", Texts.MaxNameBytes));
            writer.WriteNumber("expectedVersion", version);
            writer.WriteStartArray("messages");
            foreach (ConvertedMessage message in Messages.Skip(from).Take(count))
            {
                WriteMessage(writer, message, null);
            }

            writer.WriteEndArray();
        });

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var document = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(document))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return document.WrittenMemory;
    }

    private static void WriteMessage(Utf8JsonWriter writer, ConvertedMessage message, long? sequence)
    {
        writer.WriteStartObject();
        if (sequence is { } number)
        {
            writer.WriteNumber("sequence", number);
        }

        writer.WriteString("messageId", message.Id);
        writer.WriteString("role", message.Role);
        WriteText(writer, "authorName", Texts.Cut(message.Author, Texts.MaxNameBytes));
        writer.WriteString("createdAt", message.CreatedAt);
        writer.WriteStartArray("contents");
        foreach (AIContent content in message.Contents)
        {
            JsonSerializer.Serialize(writer, content, ContentsJson);
        }

        writer.WriteEndArray();
        if (message.Properties is { Count: > 0 } properties)
        {
            writer.WritePropertyName("additionalProperties");
            properties.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}

/// <summary>An entry of a converted conversation.</summary>
internal sealed record ConvertedEntry(string Space, string Key, JsonNode Value);
