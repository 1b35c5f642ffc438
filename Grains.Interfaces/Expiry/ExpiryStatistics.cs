namespace OrleansMemory.Expiry;

/// <summary>What one position of the expiry wheel has done since it was activated.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.ExpiryStatistics")]
public sealed record ExpiryStatistics
{
    /// <summary>Sweeps that were made: ticks of the reminder, and those that follow at once while there is a backlog.</summary>
    [Id(0)]
    public long Sweeps { get; init; }

    /// <summary>Conversations removed.</summary>
    [Id(1)]
    public long Conversations { get; init; }

    /// <summary>
    /// Messages removed with them; those of conversations that forks share, or that have very many rows, are removed later and not counted
    /// here.
    /// </summary>
    [Id(2)]
    public long Messages { get; init; }

    /// <summary>Entries removed, by themselves or with their conversation.</summary>
    [Id(3)]
    public long Entries { get; init; }

    /// <summary>When the last sweep began (UTC); <see langword="null"/> before the first.</summary>
    [Id(4)]
    public DateTimeOffset? LastSweepAt { get; init; }

    /// <summary>Whether the last sweep left something that is due: it had used up its budget, or had failed.</summary>
    [Id(5)]
    public bool Backlog { get; init; }
}
