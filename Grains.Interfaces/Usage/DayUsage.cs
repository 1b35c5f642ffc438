namespace OrleansMemory.Usage;

/// <summary>What a tenant committed on one day. It stays when what was committed is removed.</summary>
public sealed record DayUsage
{
    /// <summary>The day, by UTC.</summary>
    public DateOnly Day { get; init; }

    /// <summary>Turns.</summary>
    public long Turns { get; init; }

    /// <summary>Messages that they appended.</summary>
    public long Messages { get; init; }

    /// <summary>Bytes of those messages, in UTF-8.</summary>
    public long Bytes { get; init; }
}
