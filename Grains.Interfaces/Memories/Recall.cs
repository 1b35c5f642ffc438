using System.Collections.Immutable;
using OrleansMemory.Conversations;

namespace OrleansMemory.Memories;

/// <summary>A question to a scope's memories.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.RecallRequest")]
public sealed record RecallRequest
{
    /// <summary>What to look for, in plain words: a question, keywords or a message; 1 byte to 64 KiB of UTF-8, not only white space.</summary>
    [Id(0)]
    public required string Query { get; init; }

    /// <summary>How many memories at most, 1 to 1,000.</summary>
    /// <value>Default (<see langword="null"/>): 10.</value>
    [Id(1)]
    public int? Limit { get; init; }

    /// <summary>The instant from which "yesterday" or "last month" in the query count; <see langword="null"/> takes the clock's.</summary>
    [Id(2)]
    public DateTimeOffset? ReferenceInstant { get; init; }

    /// <summary>Only memories of this kind; <see langword="null"/> for both.</summary>
    [Id(3)]
    public MemoryKind? Kind { get; init; }

    /// <summary>Only memories whose metadata has all of these properties, up to 16.</summary>
    /// <value>Default: none.</value>
    [Id(4)]
    public ImmutableArray<MetadataMatch> Metadata { get; init; } = [];

    /// <summary>Leaves out what was recorded from this conversation: whoever asks from within it has its messages already. <see langword="null"/> leaves out none.</summary>
    [Id(5)]
    public string? ExceptConversation { get; init; }

    /// <summary>
    /// Leaves out memories whose score is less than this share of the best one's, 0 to 1: scores of one answer are compared, because they have no scale of
    /// their own.
    /// </summary>
    /// <value>Default (<see langword="null"/>): none is left out.</value>
    [Id(6)]
    public double? MinScore { get; init; }
}

/// <summary>A memory that answers a question.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.RecalledMemory")]
public sealed record RecalledMemory
{
    /// <summary>The memory as it is now.</summary>
    [Id(0)]
    public required MemoryFact Memory { get; init; }

    /// <summary>How well it answers. Only the order within one answer has a meaning.</summary>
    [Id(1)]
    public required double Score { get; init; }
}

/// <summary>The answer to a question.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.RecallResult")]
public sealed record RecallResult
{
    /// <summary>The memories, the best first; none when nothing matches.</summary>
    [Id(0)]
    public required ImmutableArray<RecalledMemory> Memories { get; init; }

    /// <summary>How many memories of the scope were looked at.</summary>
    [Id(1)]
    public required int Considered { get; init; }

    /// <summary>
    /// Whether the scope has more memories than are held for recall, so that only the newest were looked at; see <c>MemoryOptions.MaxScopeMemories</c>.
    /// </summary>
    [Id(2)]
    public bool Partial { get; init; }
}
