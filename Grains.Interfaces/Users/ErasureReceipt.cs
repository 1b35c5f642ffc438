namespace OrleansMemory.Users;

/// <summary>What the erasure of a user removed: counts, no content.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.ErasureReceipt")]
public sealed record ErasureReceipt
{
    /// <summary>How many conversations; expired ones whose rows were still there and imports that were not completed count too.</summary>
    [Id(0)]
    public required long Conversations { get; init; }

    /// <summary>How many messages.</summary>
    [Id(1)]
    public required long Messages { get; init; }

    /// <summary>How many entries, those included that forks of others had copied and not written since.</summary>
    [Id(2)]
    public required long Entries { get; init; }

    /// <summary>How many journalled turn ids.</summary>
    [Id(3)]
    public required long Turns { get; init; }

    /// <summary>How many forks of others lost the messages and the unchanged entries that they shared with what was erased. What they wrote
    /// themselves stays.</summary>
    [Id(4)]
    public required int ForksCut { get; init; }

    /// <summary>
    /// How many long-term memories: those of the user, and those that were recorded from the conversations. Expired and retired ones count
    /// too.
    /// </summary>
    [Id(5)]
    public long Memories { get; init; }
}
