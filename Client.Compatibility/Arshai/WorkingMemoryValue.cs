using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.Arshai;

/// <summary>The value of a working-memory entry: <c>{data: {working_memory}, metadata, created_at, last_update}</c>.</summary>
/// <param name="Text">The text.</param>
/// <param name="Metadata">The caller's properties, a JSON object.</param>
/// <param name="CreatedAt">When it was stored, as written; <see langword="null"/> when nothing is.</param>
/// <param name="LastUpdate">When it was stored or updated last, as written; <see langword="null"/> when nothing is.</param>
public sealed record WorkingMemoryValue(string Text, string Metadata, string? CreatedAt, string? LastUpdate)
{
    private const string NoMetadata = "{}";
    private const string InstantFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = LoneSurrogateEncoder.Instance };

    /// <summary>A new value.</summary>
    /// <param name="text">The text.</param>
    /// <param name="metadata">The caller's properties, a JSON object; <see langword="null"/> for none.</param>
    /// <param name="now">The instant.</param>
    /// <returns>The value.</returns>
    public static WorkingMemoryValue New(string text, string? metadata, DateTimeOffset now) =>
        new(text, metadata ?? NoMetadata, Write(now), Write(now));

    /// <summary>Writes metadata.</summary>
    /// <param name="metadata">The caller's properties; <see langword="null"/> for none.</param>
    /// <returns>A JSON object.</returns>
    /// <exception cref="InvalidRequestException">They cannot be written as JSON.</exception>
    public static string WriteMetadata(IReadOnlyDictionary<string, object?>? metadata) =>
        metadata is null ? NoMetadata : ValueFormat.Default.Write(metadata, "metadata");

    /// <summary>Reads the value of an entry.</summary>
    /// <param name="json">The value.</param>
    /// <returns>The memory.</returns>
    /// <exception cref="UnreadableValueException">It has no text.</exception>
    public static WorkingMemoryValue Read(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        if (Find(root, "data") is { } data && Find(data, "working_memory") is { ValueKind: JsonValueKind.String } text)
        {
            return new WorkingMemoryValue(
                JsonText.Read(text),
                Find(root, "metadata") is { ValueKind: JsonValueKind.Object } metadata ? metadata.GetRawText() : NoMetadata,
                ReadText(root, "created_at"),
                ReadText(root, "last_update")
            );
        }

        throw new UnreadableValueException(typeof(WorkingMemory));
    }

    /// <summary>The value with another text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="now">The instant.</param>
    /// <returns>The new value; metadata and the first instant stay.</returns>
    public WorkingMemoryValue With(string text, DateTimeOffset now) => this with { Text = text, LastUpdate = Write(now) };

    /// <summary>The value as JSON.</summary>
    /// <returns>The JSON.</returns>
    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("data");
            writer.WriteString("working_memory", Text);
            writer.WriteEndObject();
            writer.WritePropertyName("metadata");
            writer.WriteRawValue(Metadata, skipInputValidation: true);
            writer.WriteString("created_at", CreatedAt);
            writer.WriteString("last_update", LastUpdate);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The memory that callers see.</summary>
    /// <param name="conversationId">The conversation.</param>
    /// <param name="type">The kind.</param>
    /// <param name="expiresAt">The instant from which it is gone; <see langword="null"/> never.</param>
    /// <returns>The memory.</returns>
    public StoredWorkingMemory ToStored(string conversationId, ConversationMemoryType type, DateTimeOffset? expiresAt) =>
        new()
        {
            ConversationId = conversationId,
            MemoryType = type,
            Memory = new WorkingMemory(Text),
            Metadata = ReadMetadata(),
            CreatedAt = ReadInstant(CreatedAt),
            LastUpdate = ReadInstant(LastUpdate),
            ExpiresAt = expiresAt,
        };

    /// <summary>An instant as it was written.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The instant in UTC; <see langword="null"/> when it is none.</returns>
    public static DateTimeOffset? ReadInstant(string? text) =>
        Instants.TryParse(text, out DateTimeOffset exact) ? exact
        : DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out DateTimeOffset instant
        )
            ? instant
        : null;

    // Another program may have written a name twice; the last one wins then, as in most readers of JSON.
    private Dictionary<string, JsonElement> ReadMetadata()
    {
        var properties = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (JsonProperty property in ValueFormat.Default.Read<JsonElement>(Metadata).EnumerateObject())
        {
            properties[JsonText.ReadName(property)] = property.Value;
        }

        return properties;
    }

    private static string Write(DateTimeOffset instant) => instant.UtcDateTime.ToString(InstantFormat, CultureInfo.InvariantCulture);

    private static JsonElement? Find(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && JsonText.TryGetProperty(element, name, out JsonElement value) ? value : null;

    private static string? ReadText(JsonElement root, string name) =>
        Find(root, name) is { ValueKind: JsonValueKind.String } text ? JsonText.Read(text) : null;
}
