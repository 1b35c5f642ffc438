namespace OrleansMemory.Grains.Hosting;

/// <summary>What a silo says of itself: of <see cref="SiloLoad"/> all but what Orleans knows.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.SiloLoadReport")]
internal sealed record SiloLoadReport
{
    /// <summary>Which silo: its address with its generation, as Orleans writes it.</summary>
    [Id(0)]
    public required string Silo { get; init; }

    /// <summary>See <see cref="SiloLoad.QueuedTurns"/>.</summary>
    [Id(1)]
    public required long QueuedTurns { get; init; }

    /// <summary>See <see cref="SiloLoad.HeldMemories"/>.</summary>
    [Id(2)]
    public required long HeldMemories { get; init; }

    /// <summary>See <see cref="SiloLoad.FeedReaders"/>.</summary>
    [Id(3)]
    public required long FeedReaders { get; init; }

    /// <summary>See <see cref="SiloLoad.MemoryBytes"/>.</summary>
    [Id(4)]
    public required long MemoryBytes { get; init; }
}
