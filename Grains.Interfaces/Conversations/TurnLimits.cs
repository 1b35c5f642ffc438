namespace OrleansMemory.Conversations;

/// <summary>
/// What one turn of a conversation may hold: the silo's options, or what the conversation's tenant has been given where that is less.
/// </summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.TurnLimits")]
public sealed record TurnLimits
{
    /// <summary>The most bytes of one message's contents and metadata together, in UTF-8.</summary>
    [Id(0)]
    public required int MaxMessageBytes { get; init; }

    /// <summary>The most messages.</summary>
    [Id(1)]
    public required int MaxTurnMessages { get; init; }

    /// <summary>The most bytes of all messages and entries together, in UTF-8.</summary>
    [Id(2)]
    public required int MaxTurnBytes { get; init; }

    /// <summary>The most bytes of one entry's value, in UTF-8.</summary>
    [Id(3)]
    public required int MaxEntryBytes { get; init; }

    /// <summary>
    /// The most entries of a conversation; <see langword="null"/> when the silo does not say: it is of an earlier version.
    /// </summary>
    [Id(4)]
    public int? MaxEntries { get; init; }

    /// <summary>
    /// The most bytes of the values of all entries of a conversation together, in UTF-8; <see langword="null"/> when the silo does not say.
    /// </summary>
    [Id(5)]
    public int? MaxEntriesBytes { get; init; }

    /// <summary>Whether a conversation must name its user, so that a turn that begins one without is refused.</summary>
    [Id(6)]
    public bool RequiresUser { get; init; }
}
