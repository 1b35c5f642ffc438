using System.Text.Json.Serialization;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Json;

/// <summary>
/// A stored message as JSON: Microsoft.Extensions.AI's chat message with its sequence. Exports and HTTP share this shape.
/// </summary>
public sealed record MessageDocument
{
    /// <summary>The position in the log, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>The message's id.</summary>
    public required string MessageId { get; init; }

    /// <summary>Its role.</summary>
    public required string Role { get; init; }

    /// <summary>Who speaks, by name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AuthorName { get; init; }

    /// <summary>When it was said.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Its contents, as stored.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public required string Contents { get; init; }

    /// <summary>The caller's own properties, as stored.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AdditionalProperties { get; init; }

    /// <summary>The document of a message.</summary>
    /// <param name="message">The message.</param>
    /// <returns>Its document.</returns>
    public static MessageDocument Of(Message message) =>
        new()
        {
            Sequence = message.Sequence,
            MessageId = message.Id,
            Role = message.Role,
            AuthorName = message.Author,
            CreatedAt = message.Created,
            Contents = message.Contents,
            AdditionalProperties = message.Metadata,
        };
}
