namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>One memory as the index sees it. The index keeps what it needs of it, not the text.</summary>
internal sealed record RecallDocument
{
    /// <summary>Its identity in the index. Compared ordinally.</summary>
    public required string Id { get; init; }

    /// <summary>What it is.</summary>
    public required RecallKind Kind { get; init; }

    /// <summary>
    /// What it was said in, such as a session. Turns of the same episode are each other's context; a fact only shares how well the episode
    /// fits. <see langword="null"/>: it stands by itself.
    /// </summary>
    public string? Episode { get; init; }

    /// <summary>Whose it is: facts that say the same are one only when this is the same. <see langword="null"/> is an owner too.</summary>
    public string? Owner { get; init; }

    /// <summary>Where it stands in the episode. Equal ones follow the order of ids.</summary>
    public long Position { get; init; }

    /// <summary>The name of who said it. <see langword="null"/>: not known; a fact then counts as said by those it names.</summary>
    public string? Speaker { get; init; }

    /// <summary>The role of who said it: "user", "assistant" or any other. <see langword="null"/>: not known.</summary>
    public string? Role { get; init; }

    /// <summary>When it was said. Its UTC date is what counts.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>What was said. The first <see cref="RecallIndex.MaxDocumentTokens"/> tokens are looked at.</summary>
    public required string Text { get; init; }

    /// <summary>What an image in it shows. <see langword="null"/>: there is none.</summary>
    public string? Caption { get; init; }
}

/// <summary>What a memory is.</summary>
internal enum RecallKind
{
    /// <summary>Something that was said, recorded as it was.</summary>
    Turn,

    /// <summary>Something known, written down by itself.</summary>
    Fact,
}
