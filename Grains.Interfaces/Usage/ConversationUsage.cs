namespace OrleansMemory.Usage;

/// <summary>What a conversation uses.</summary>
public sealed record ConversationUsage
{
    /// <summary>The conversation's id.</summary>
    public required string Id { get; init; }

    /// <summary>Its user; <see langword="null"/> for none.</summary>
    public string? UserId { get; init; }

    /// <summary>Its agent; <see langword="null"/> for none.</summary>
    public string? AgentId { get; init; }

    /// <summary>The messages that it shows; those that a fork shares included.</summary>
    public long Messages { get; init; }

    /// <summary>The turns that it has committed.</summary>
    public long Turns { get; init; }

    /// <summary>Bytes of its own messages and entries, in UTF-8; what a fork shares is its parent's.</summary>
    public long Bytes { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its newest turn was committed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it expires; <see langword="null"/> for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
