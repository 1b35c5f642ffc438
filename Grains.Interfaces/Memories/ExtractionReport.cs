namespace OrleansMemory.Memories;

/// <summary>What was done to distil facts from turns.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.ExtractionReport")]
public sealed record ExtractionReport
{
    /// <summary>How many turns are done with.</summary>
    [Id(0)]
    public int Turns { get; init; }

    /// <summary>How many facts were added.</summary>
    [Id(1)]
    public int Added { get; init; }

    /// <summary>How many facts were given another text.</summary>
    [Id(2)]
    public int Updated { get; init; }

    /// <summary>How many facts were retired.</summary>
    [Id(3)]
    public int Retired { get; init; }

    /// <summary>
    /// How many of the turns were left without facts because no reply about them could be used, or because they had expired. They stay
    /// recorded.
    /// </summary>
    [Id(4)]
    public int GivenUp { get; init; }

    /// <summary>Whether nothing is waiting any more. Not so when the model or the store failed, or when there is no model.</summary>
    [Id(5)]
    public bool IsComplete { get; init; }
}
