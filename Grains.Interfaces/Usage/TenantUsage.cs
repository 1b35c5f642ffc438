namespace OrleansMemory.Usage;

/// <summary>What a tenant uses.</summary>
public sealed record TenantUsage
{
    /// <summary>The tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>Conversations that are there, expired ones that are not removed yet included.</summary>
    public long Conversations { get; init; }

    /// <summary>Messages that they show; a fork's include those that it shares.</summary>
    public long Messages { get; init; }

    /// <summary>
    /// Bytes of messages and entries that are stored, in UTF-8: shared messages once, truncated and expired ones until they are removed,
    /// and those that are kept for forks only.
    /// </summary>
    public long Bytes { get; init; }

    /// <summary>Long-term memories.</summary>
    public long Memories { get; init; }

    /// <summary>Bytes of their texts, captions and metadata, in UTF-8.</summary>
    public long MemoryBytes { get; init; }
}
