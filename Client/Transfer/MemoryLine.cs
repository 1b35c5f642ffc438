using System.Text.Json;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;
using OrleansMemory.Memories;
using OrleansMemory.Users;

namespace OrleansMemory.Client.Transfer;

/// <summary>A long-term memory as a line of an exported user.</summary>
internal static class MemoryLine
{
    private static readonly string[] Fields =
    [
        "id",
        "kind",
        "agent",
        "session",
        "text",
        "caption",
        "role",
        "speaker",
        "messageId",
        "conversationId",
        "metadata",
        "occurredAt",
        "createdAt",
        "updatedAt",
        "expiresAt",
        "version",
        "history",
    ];

    private static readonly string[] EventFields = ["version", "kind", "previousText", "text", "at", "byExtractor"];

    /// <summary>Writes the fields.</summary>
    /// <param name="line">Where to, within an object.</param>
    public static void Write(Utf8JsonWriter line, MemoryRecord record)
    {
        MemoryFact fact = record.Fact;
        line.WriteString("id", fact.Id);
        line.WriteString("kind", fact.Kind == MemoryKind.Turn ? "turn" : "fact");
        WriteText(line, "agent", fact.Agent);
        WriteText(line, "session", fact.Session);
        line.WriteString("text", fact.Text);
        WriteText(line, "caption", fact.Caption);
        WriteText(line, "role", fact.Role);
        WriteText(line, "speaker", fact.Speaker);
        WriteText(line, "messageId", fact.MessageId);
        WriteText(line, "conversationId", fact.ConversationId);
        if (fact.Metadata is { } metadata)
        {
            line.WritePropertyName("metadata");
            line.WriteRawValue(metadata, skipInputValidation: true);
        }

        line.WriteString("occurredAt", fact.OccurredAt);
        line.WriteString("createdAt", fact.CreatedAt);
        line.WriteString("updatedAt", fact.UpdatedAt);
        if (fact.ExpiresAt is { } expiresAt)
        {
            line.WriteString("expiresAt", expiresAt);
        }

        line.WriteNumber("version", fact.Version);
        line.WriteStartArray("history");
        foreach (MemoryEvent change in record.History)
        {
            line.WriteStartObject();
            line.WriteNumber("version", change.Version);
            line.WriteString("kind", change.Kind == MemoryEventKind.Added ? "added" : "updated");
            WriteText(line, "previousText", change.PreviousText);
            WriteText(line, "text", change.Text);
            line.WriteString("at", change.At);
            line.WriteBoolean("byExtractor", change.ByExtractor);
            line.WriteEndObject();
        }

        line.WriteEndArray();
    }

    /// <summary>Reads the fields.</summary>
    /// <param name="element">The object.</param>
    /// <returns>The memory, of no one yet.</returns>
    /// <exception cref="InvalidRequestException">It is not one.</exception>
    public static MemoryRecord Read(JsonElement element)
    {
        StrictObject memory = StrictObject.Read(element, UserExportFormat.Memory, Fields);
        return new MemoryRecord
        {
            Fact = new MemoryFact
            {
                Id = memory.RequiredText("id"),
                Kind = memory.RequiredText("kind") switch
                {
                    "turn" => MemoryKind.Turn,
                    "fact" => MemoryKind.Fact,
                    _ => throw new InvalidRequestException(memory.PathOf("kind"), "turn or fact is expected here."),
                },
                Agent = memory.Text("agent"),
                Session = memory.Text("session"),
                Text = memory.RequiredText("text"),
                Caption = memory.Text("caption"),
                Role = memory.Text("role"),
                Speaker = memory.Text("speaker"),
                MessageId = memory.Text("messageId"),
                ConversationId = memory.Text("conversationId"),
                Metadata = memory.RawObject("metadata"),
                OccurredAt = RequiredInstant(memory, "occurredAt"),
                CreatedAt = RequiredInstant(memory, "createdAt"),
                UpdatedAt = RequiredInstant(memory, "updatedAt"),
                ExpiresAt = memory.Instant("expiresAt"),
                Version = memory.RequiredInteger("version"),
            },
            History = [.. memory.Items("history").Select(static item => ReadEvent(item.Element, item.Path))],
        };
    }

    private static MemoryEvent ReadEvent(JsonElement element, string path)
    {
        StrictObject change = StrictObject.Read(element, path, EventFields);
        return new MemoryEvent
        {
            Version = change.RequiredInteger("version"),
            Kind = change.RequiredText("kind") switch
            {
                "added" => MemoryEventKind.Added,
                "updated" => MemoryEventKind.Updated,
                _ => throw new InvalidRequestException(change.PathOf("kind"), "added or updated is expected here."),
            },
            PreviousText = change.Text("previousText"),
            Text = change.Text("text"),
            At = RequiredInstant(change, "at"),
            ByExtractor = change.Flag("byExtractor"),
        };
    }

    private static DateTimeOffset RequiredInstant(StrictObject from, string name) =>
        from.Instant(name) ?? throw new InvalidRequestException(from.PathOf(name), "This field is required.");

    private static void WriteText(Utf8JsonWriter line, string name, string? text)
    {
        if (text is not null)
        {
            line.WriteString(name, text);
        }
    }
}
