using System.Collections.Immutable;
using OrleansMemory.Memories;

namespace OrleansMemory.Users;

/// <summary>A long-term memory with all that has happened to it.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.MemoryRecord")]
public sealed record MemoryRecord
{
    /// <summary>The memory as it is now.</summary>
    [Id(0)]
    public required MemoryFact Fact { get; init; }

    /// <summary>Its history, the oldest event first: how it was recorded, then each change; of more than 1,000 events the newest.</summary>
    [Id(1)]
    public ImmutableArray<MemoryEvent> History { get; init; } = [];
}

/// <summary>A page of memories with their histories.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.MemoryRecordPage")]
public sealed record MemoryRecordPage
{
    /// <summary>The memories, in the order in which they were recorded.</summary>
    [Id(0)]
    public ImmutableArray<MemoryRecord> Records { get; init; } = [];

    /// <summary>After what to go on; <see langword="null"/> after the last page.</summary>
    [Id(1)]
    public long? Next { get; init; }
}
