namespace OrleansMemory.Client.Compatibility.Arshai;

/// <summary>Which memory an <see cref="IMemoryManager"/> works on, and what it stores there.</summary>
public sealed record MemoryInput
{
    /// <summary>The conversation. The rules are those of <see cref="Conversations.ConversationKey"/>.</summary>
    public required string ConversationId { get; init; }

    /// <summary>The kind of memory.</summary>
    /// <value>Default: <see cref="ConversationMemoryType.WorkingMemory"/>.</value>
    public ConversationMemoryType MemoryType { get; init; }

    /// <summary>What to store, or to replace the text with; the last one wins. Reading and deleting need none.</summary>
    public IReadOnlyList<WorkingMemory>? Data { get; init; }

    /// <summary>
    /// The caller's own properties of what is stored, written as JSON; <see langword="null"/> for none. Only storing takes them.
    /// </summary>
    public IReadOnlyDictionary<string, object?>? Metadata { get; init; }

    /// <summary>A query. A conversation has one memory of a kind, so there is nothing to search: it is ignored.</summary>
    public string? Query { get; init; }

    /// <summary>How many memories at most. There is one at most: it is ignored.</summary>
    /// <value>Default: 5.</value>
    public int? Limit { get; init; } = 5;

    /// <summary>Filters. They are ignored, as the query is.</summary>
    public IReadOnlyDictionary<string, object?>? Filters { get; init; }

    /// <summary>The id of a memory. Conversation and kind name it already: it is ignored.</summary>
    public string? MemoryId { get; init; }
}
