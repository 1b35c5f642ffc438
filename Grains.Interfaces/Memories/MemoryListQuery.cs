using System.Collections.Immutable;
using OrleansMemory.Conversations;

namespace OrleansMemory.Memories;

/// <summary>Which memories of a tenant to list. All conditions must be met.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.MemoryListQuery")]
public sealed record MemoryListQuery
{
    /// <summary>Only memories of this agent; <see langword="null"/> for every one.</summary>
    [Id(0)]
    public string? Agent { get; init; }

    /// <summary>Only memories of this user; <see langword="null"/> for every one.</summary>
    [Id(1)]
    public string? User { get; init; }

    /// <summary>Only memories of this session; <see langword="null"/> for every one.</summary>
    [Id(2)]
    public string? Session { get; init; }

    /// <summary>Only memories of this kind; <see langword="null"/> for both.</summary>
    [Id(3)]
    public MemoryKind? Kind { get; init; }

    /// <summary>Only memories whose metadata has all of these properties, up to 16.</summary>
    /// <value>Default: none.</value>
    [Id(4)]
    public ImmutableArray<MetadataMatch> Metadata { get; init; } = [];

    /// <summary>How many at most, 1 to 200.</summary>
    /// <value>Default (<see langword="null"/>): 50.</value>
    [Id(5)]
    public int? Limit { get; init; }

    /// <summary>
    /// <see cref="MemoryPage.Next"/> of the page before, with the same conditions; <see langword="null"/> for the first page.
    /// </summary>
    [Id(6)]
    public string? Cursor { get; init; }
}

/// <summary>A page of a list of memories.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.MemoryPage")]
public sealed record MemoryPage
{
    /// <summary>The memories, the one recorded last first.</summary>
    [Id(0)]
    public required ImmutableArray<MemoryFact> Memories { get; init; }

    /// <summary>Where the next page starts; <see langword="null"/> when nothing is left.</summary>
    [Id(1)]
    public string? Next { get; init; }
}
