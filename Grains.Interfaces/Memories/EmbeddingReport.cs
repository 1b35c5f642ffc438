namespace OrleansMemory.Memories;

/// <summary>What was done to give memories their vectors.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.EmbeddingReport")]
public sealed record EmbeddingReport
{
    /// <summary>How many memories were given a vector.</summary>
    [Id(0)]
    public int Embedded { get; init; }

    /// <summary>
    /// How many memories will have none, until their text or the model changes: the generator does not take their text, though it takes
    /// others.
    /// </summary>
    [Id(1)]
    public int Refused { get; init; }

    /// <summary>Whether nothing is waiting any more. Not so when the generator failed, or when there is none.</summary>
    [Id(2)]
    public bool IsComplete { get; init; }
}
