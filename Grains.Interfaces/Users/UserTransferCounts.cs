namespace OrleansMemory.Users;

/// <summary>How much an export or import of a user was.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.UserTransferCounts")]
public sealed record UserTransferCounts
{
    /// <summary>Conversations.</summary>
    [Id(0)]
    public long Conversations { get; init; }

    /// <summary>Their messages.</summary>
    [Id(1)]
    public long Messages { get; init; }

    /// <summary>Their entries.</summary>
    [Id(2)]
    public long Entries { get; init; }

    /// <summary>Long-term memories.</summary>
    [Id(3)]
    public long Memories { get; init; }

    /// <summary>
    /// Of an export: beginnings that were given up, because the conversation changed, expired or was deleted meanwhile. Of an import:
    /// conversations and memories that were there already or have expired.
    /// </summary>
    [Id(4)]
    public long Skipped { get; init; }
}
