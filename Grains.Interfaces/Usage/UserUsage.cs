namespace OrleansMemory.Usage;

/// <summary>What a user uses.</summary>
public sealed record UserUsage
{
    /// <summary>The user's id.</summary>
    public required string UserId { get; init; }

    /// <summary>Conversations.</summary>
    public long Conversations { get; init; }

    /// <summary>Messages that they show.</summary>
    public long Messages { get; init; }

    /// <summary>Bytes of their messages and entries, in UTF-8.</summary>
    public long Bytes { get; init; }

    /// <summary>Long-term memories.</summary>
    public long Memories { get; init; }

    /// <summary>Bytes of those, in UTF-8.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>The newest turn or change of a memory.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}
