using System.Collections.Immutable;
using OrleansMemory.Conversations;

namespace OrleansMemory.Memories;

/// <summary>A question to a scope's memories.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.RecallRequest")]
public sealed record RecallRequest
{
    /// <summary>
    /// What to look for, in plain words: a question, keywords or a message; 1 byte to 64 KiB of UTF-8, not only white space.
    /// </summary>
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

    /// <summary>
    /// Leaves out what was recorded from this conversation: whoever asks from within it has its messages already. <see langword="null"/>
    /// leaves out none.
    /// </summary>
    [Id(5)]
    public string? ExceptConversation { get; init; }

    /// <summary>
    /// Leaves out memories whose <see cref="RecalledMemory.Score"/> is less than this, 0 to 1; of a question that nothing answers, all of
    /// them.
    /// </summary>
    /// <value>Default (<see langword="null"/>): none is left out.</value>
    [Id(6)]
    public double? MinScore { get; init; }

    /// <summary>
    /// Only memories that were recorded without these names: in the scope of an agent, <see cref="ScopeNames.User"/> gives what the agent
    /// knows by itself, and nothing of its users.
    /// </summary>
    /// <value>Default: <see cref="ScopeNames.None"/>, whatever names they have.</value>
    [Id(7)]
    public ScopeNames Without { get; init; }

    /// <summary>
    /// Only memories whose metadata meet this: numbers and dates by value, ranges, lists, one of several. <see langword="null"/> for no
    /// such condition.
    /// </summary>
    [Id(8)]
    public MetadataFilter? Filter { get; init; }

    /// <summary>
    /// Whether to tell of each memory why it was recalled: see <see cref="RecalledMemory.Why"/>. It costs some time and changes no answer.
    /// </summary>
    /// <value>Default: <see langword="false"/>.</value>
    [Id(9)]
    public bool Explain { get; init; }
}

/// <summary>A memory that answers a question.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.RecalledMemory")]
public sealed record RecalledMemory
{
    /// <summary>The memory as it is now.</summary>
    [Id(0)]
    public required MemoryFact Memory { get; init; }

    /// <summary>
    /// How well it answers, 0 to 1: the share of the question's words that the best memories have, each word by its rarity (or with vectors
    /// the similarity of the nearest, if that is more), times how near this memory comes to the best one. Under 0.15 it mostly only shares
    /// a common word with the question. A question that names nothing to look for gives its best memory 1.
    /// </summary>
    [Id(1)]
    public required double Score { get; init; }

    /// <summary>How many facts of the scope say just this, itself included; the newest stands for all of them. 1 for a turn.</summary>
    [Id(2)]
    public int Count { get; init; } = 1;

    /// <summary>
    /// The id of a newer fact in the same answer that says otherwise where only one can be true: "Lives in Oslo" of "Lives in Rome". Known
    /// for common forms of English facts; <see langword="null"/> for none.
    /// </summary>
    [Id(3)]
    public string? ContradictedBy { get; init; }

    /// <summary>
    /// Why it was recalled; <see langword="null"/> unless the request asks for it by <see cref="RecallRequest.Explain"/>.
    /// </summary>
    [Id(4)]
    public RecallReasons? Why { get; init; }
}

/// <summary>
/// Why a memory was recalled. By terms its rank is (<see cref="Words"/> + <see cref="Episode"/> + <see cref="Dates"/>) × <see cref="Kind"/>
/// × <see cref="Speaker"/>. Where vectors are searched that is taken as a share of the best one and added, weighted, to the place of
/// <see cref="Similarity"/> between the least and the greatest that was found.
/// </summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.RecallReasons")]
public sealed record RecallReasons
{
    /// <summary>
    /// The words of the question that it has, itself or in the turns beside it, in the form in which they are compared: lower case, without
    /// their endings. Words that only are related are among them. None for a question that names nothing to look for.
    /// </summary>
    [Id(0)]
    public ImmutableArray<string> Terms { get; init; } = [];

    /// <summary>What its words are worth, 0 to 1: 1 is the memory whose words are worth most.</summary>
    [Id(1)]
    public double Words { get; init; }

    /// <summary>What the episode it is of adds, 0 or more: the memories of one session and time, taken as one text.</summary>
    [Id(2)]
    public double Episode { get; init; }

    /// <summary>What the dates that the question names add, 0 or more.</summary>
    [Id(3)]
    public double Dates { get; init; }

    /// <summary>
    /// The factor for what kind of thing it tells, more than 0: a question less than 1; a name, the first person, a time or a place that is
    /// asked for more than 1.
    /// </summary>
    [Id(4)]
    public double Kind { get; init; } = 1;

    /// <summary>The factor for who said it, 1 or more: more than 1 for the person that the question names.</summary>
    [Id(5)]
    public double Speaker { get; init; } = 1;

    /// <summary>
    /// How near its meaning is to the question's, −1 to 1, the cosine of their vectors; <see langword="null"/> where it was not found by
    /// its meaning.
    /// </summary>
    [Id(6)]
    public double? Similarity { get; init; }
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
    /// Whether the scope has more memories than are held for recall, so that only the newest were looked at; see
    /// <c>MemoryOptions.MaxScopeMemories</c>.
    /// </summary>
    [Id(2)]
    public bool Partial { get; init; }
}
