namespace OrleansMemory.Conversations;

/// <summary>What one turn of a conversation may hold: the silo's options, or what the conversation's tenant has been given where that is less.</summary>
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
}
