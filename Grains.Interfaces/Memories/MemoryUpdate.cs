namespace OrleansMemory.Memories;

/// <summary>A change of one memory. What is not named stays.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.MemoryUpdate")]
public sealed record MemoryUpdate
{
    /// <summary>What it says from now on; <see langword="null"/> leaves it.</summary>
    [Id(0)]
    public string? Text { get; init; }

    /// <summary>
    /// A JSON object that takes the place of the metadata, <c>null</c> (the JSON word) to remove it; <see langword="null"/> leaves it.
    /// </summary>
    [Id(1)]
    public string? Metadata { get; init; }

    /// <summary>How long it lives from now on; <see langword="null"/> leaves its expiry.</summary>
    [Id(2)]
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>Whether it never expires from now on; <see cref="TimeToLive"/> must be <see langword="null"/> then.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    [Id(3)]
    public bool LivesForever { get; init; }

    /// <summary>The version it must have; <see langword="null"/> changes it at any version.</summary>
    [Id(4)]
    public long? ExpectedVersion { get; init; }
}
