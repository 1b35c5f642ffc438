namespace OrleansMemory.Conversations;

/// <summary>Asks for a new conversation that shares the log up to a sequence and has copies of the entries and settings.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.ForkRequest")]
public sealed record ForkRequest
{
    /// <summary>
    /// The id of the fork, in the same tenant. Asking again for the same fork of the same sequence is answered with its head.
    /// </summary>
    [Id(0)]
    public required string NewId { get; init; }

    /// <summary>
    /// The newest sequence to share: one less than the log's first sequence (shares no message) up to its last.
    /// <see langword="null"/> shares all of it.
    /// </summary>
    [Id(1)]
    public long? AtSequence { get; init; }
}

/// <summary>What a deletion removed.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.DeleteReceipt")]
public sealed record DeleteReceipt
{
    /// <summary>Whether there was a conversation to delete.</summary>
    [Id(0)]
    public required bool Existed { get; init; }

    /// <summary>How many messages of its own were removed. Those that forks read stay, unless the deletion cut forks.</summary>
    [Id(1)]
    public long Messages { get; init; }

    /// <summary>How many entries were removed, those that were taken from forks included.</summary>
    [Id(2)]
    public long Entries { get; init; }

    /// <summary>How many journalled turn ids were removed.</summary>
    [Id(3)]
    public long Turns { get; init; }

    /// <summary>
    /// How many forks lost what they shared with it (<see cref="DeleteRequest.CutForks"/>). What the forks added themselves stays.
    /// </summary>
    [Id(4)]
    public int ForksCut { get; init; }
}
