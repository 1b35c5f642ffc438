using System.Text.Json.Serialization;
using OrleansMemory.Client.Json;
using OrleansMemory.Memories;

namespace OrleansMemory.Silo.Api.Documents;

/// <summary>A long-term memory. Its texts are as untrusted as the people and models they came from.</summary>
internal sealed record MemoryDocument
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>turn for something that was said, fact for something worth knowing by itself.</summary>
    public required string Kind { get; init; }

    /// <summary>The agent it belongs to.</summary>
    public string? Agent { get; init; }

    /// <summary>The user it belongs to.</summary>
    public string? User { get; init; }

    /// <summary>The session it belongs to.</summary>
    public string? Session { get; init; }

    /// <summary>What it says.</summary>
    public required string Text { get; init; }

    /// <summary>What an image that came with it shows.</summary>
    public string? Caption { get; init; }

    /// <summary>The role of who said it.</summary>
    public string? Role { get; init; }

    /// <summary>Who said it, by name.</summary>
    public string? Speaker { get; init; }

    /// <summary>The caller's id of the message it was recorded from.</summary>
    public string? MessageId { get; init; }

    /// <summary>The conversation it was recorded from, and is deleted with.</summary>
    public string? ConversationId { get; init; }

    /// <summary>The caller's own properties.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public string? Metadata { get; init; }

    /// <summary>When it was said or became so.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>When it was recorded.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was changed last.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The instant from which it is gone; null never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Counts its changes from 1.</summary>
    public required long Version { get; init; }

    /// <summary>The document of a memory.</summary>
    /// <param name="memory">The memory.</param>
    /// <returns>The document.</returns>
    public static MemoryDocument Of(MemoryFact memory) =>
        new()
        {
            Id = memory.Id,
            Kind = MemoryKinds.NameOf(memory.Kind),
            Agent = memory.Agent,
            User = memory.User,
            Session = memory.Session,
            Text = memory.Text,
            Caption = memory.Caption,
            Role = memory.Role,
            Speaker = memory.Speaker,
            MessageId = memory.MessageId,
            ConversationId = memory.ConversationId,
            Metadata = memory.Metadata,
            OccurredAt = memory.OccurredAt,
            CreatedAt = memory.CreatedAt,
            UpdatedAt = memory.UpdatedAt,
            ExpiresAt = memory.ExpiresAt,
            Version = memory.Version,
        };
}

/// <summary>A page of a list of memories.</summary>
/// <param name="Memories">The memories, the one recorded last first.</param>
/// <param name="Next">Where the next page starts: give it as cursor, with the same conditions. Null when nothing is left.</param>
internal sealed record MemoryPageDocument(IReadOnlyList<MemoryDocument> Memories, string? Next)
{
    /// <summary>The document of a page.</summary>
    /// <param name="page">The page.</param>
    /// <returns>The document.</returns>
    public static MemoryPageDocument Of(MemoryPage page) => new([.. page.Memories.Select(MemoryDocument.Of)], page.Next);
}

/// <summary>What a recording has stored.</summary>
/// <param name="MemoryIds">The ids of the memories, in the order of the request.</param>
/// <param name="RecordedAt">When they were recorded.</param>
/// <param name="Replayed">Whether an earlier request with this key recorded them.</param>
internal sealed record RecordedDocument(IReadOnlyList<string> MemoryIds, DateTimeOffset RecordedAt, bool Replayed)
{
    /// <summary>The document of a receipt.</summary>
    /// <param name="receipt">The receipt.</param>
    /// <returns>The document.</returns>
    public static RecordedDocument Of(RecordReceipt receipt) => new(receipt.MemoryIds, receipt.RecordedAt, receipt.Replayed);
}
