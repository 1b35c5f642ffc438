namespace OrleansMemory.Memories;

/// <summary>What happened to a memory.</summary>
/// <remarks>Stored by number: a number is never used again for something else.</remarks>
[GenerateSerializer, Alias("OrleansMemory.MemoryEventKind")]
public enum MemoryEventKind
{
    /// <summary>It was recorded.</summary>
    Added = 0,

    /// <summary>Its text, metadata or expiry was changed.</summary>
    Updated = 1,

    /// <summary>It was retired because something newer contradicts it: no recall or list shows it, its history stays readable.</summary>
    Retired = 2,
}

/// <summary>One line of a memory's history.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.MemoryEvent")]
public sealed record MemoryEvent
{
    /// <summary>The version that it produced.</summary>
    [Id(0)]
    public required long Version { get; init; }

    /// <summary>What happened.</summary>
    [Id(1)]
    public required MemoryEventKind Kind { get; init; }

    /// <summary>What the memory said before; <see langword="null"/> when it was added.</summary>
    [Id(2)]
    public string? PreviousText { get; init; }

    /// <summary>What it said after; <see langword="null"/> when it was retired.</summary>
    [Id(3)]
    public string? Text { get; init; }

    /// <summary>When it happened.</summary>
    [Id(4)]
    public required DateTimeOffset At { get; init; }

    /// <summary>Whether the silo's extractor did it, not a caller.</summary>
    [Id(5)]
    public bool ByExtractor { get; init; }
}
