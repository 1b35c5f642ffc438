namespace OrleansMemory.Memories;

/// <summary>One long-term memory as it is stored.</summary>
/// <remarks>Its texts were written by users and models. Give them to a model as data, fenced, never as instructions.</remarks>
[GenerateSerializer, Immutable, Alias("OrleansMemory.MemoryFact")]
public sealed record MemoryFact
{
    /// <summary>Its id, unique within the tenant.</summary>
    [Id(0)]
    public required string Id { get; init; }

    /// <summary>What it is.</summary>
    [Id(1)]
    public required MemoryKind Kind { get; init; }

    /// <summary>The agent it belongs to; <see langword="null"/> when none was named.</summary>
    [Id(2)]
    public string? Agent { get; init; }

    /// <summary>The user it belongs to; <see langword="null"/> when none was named.</summary>
    [Id(3)]
    public string? User { get; init; }

    /// <summary>The session it belongs to; <see langword="null"/> when none was named.</summary>
    [Id(4)]
    public string? Session { get; init; }

    /// <summary>What it says.</summary>
    [Id(5)]
    public required string Text { get; init; }

    /// <summary>What an image that came with it shows; <see langword="null"/> when there was none.</summary>
    [Id(6)]
    public string? Caption { get; init; }

    /// <summary>
    /// The role of who said it, one of <see cref="Conversations.MessageRoles"/>; <see langword="null"/> for what no one said.
    /// </summary>
    [Id(7)]
    public string? Role { get; init; }

    /// <summary>Who said it, by name; <see langword="null"/> gives no name.</summary>
    [Id(8)]
    public string? Speaker { get; init; }

    /// <summary>The caller's id of the message it was recorded from; <see langword="null"/> for none. It need not be unique.</summary>
    [Id(9)]
    public string? MessageId { get; init; }

    /// <summary>The conversation it was recorded from, deleted with it; <see langword="null"/> for none.</summary>
    [Id(10)]
    public string? ConversationId { get; init; }

    /// <summary>A JSON object of the caller's own properties; <see langword="null"/> for none.</summary>
    [Id(11)]
    public string? Metadata { get; init; }

    /// <summary>When it was said or became so (UTC, whole microseconds).</summary>
    [Id(12)]
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>When it was recorded.</summary>
    [Id(13)]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was changed last; <see cref="CreatedAt"/> when never.</summary>
    [Id(14)]
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The instant from which no read sees it any more; <see langword="null"/> never.</summary>
    [Id(15)]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Counts its changes from 1.</summary>
    [Id(16)]
    public required long Version { get; init; }
}
