namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>A question to the index.</summary>
internal sealed record RecallQuery
{
    /// <summary>
    /// The question, in any language. Nothing in it has a syntax. Its first <see cref="RecallIndex.MaxQueryTokens"/> tokens are looked at, and of their terms
    /// the <see cref="RecallIndex.MaxQueryTerms"/> rarest.
    /// </summary>
    public required string Text { get; init; }

    /// <summary>The instant from which "yesterday" or "last month" in the question is counted, in the time zone of who asks.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The most results, 1 or more.</summary>
    public required int Limit { get; init; }

    /// <summary>Which ids may be returned; it is asked before the cut to <see cref="Limit"/>. <see langword="null"/>: all.</summary>
    public Func<string, bool>? Accept { get; init; }

    /// <summary>Writes down how scores come about; <see langword="null"/> when nobody wants to know.</summary>
    public ScoreTrace? Trace { get; init; }
}
