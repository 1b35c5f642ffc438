namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>What a question asks for.</summary>
internal sealed record AnalyzedQuery
{
    /// <summary>Its terms, without the names of speakers, dates and stop words, each once.</summary>
    public required IReadOnlyList<string> Terms { get; init; }

    /// <summary>Whose memories are meant.</summary>
    public required SpeakerChoice Choice { get; init; }

    /// <summary>The one speaker that it names; <see langword="null"/> unless <see cref="Choice"/> is <see cref="SpeakerChoice.Named"/>.</summary>
    public Speaker? Speaker { get; init; }

    /// <summary>Whether it asks for a time.</summary>
    public required bool AsksTime { get; init; }

    /// <summary>The dates that it names.</summary>
    public required IReadOnlyList<DateSpan> Dates { get; init; }
}

/// <summary>Whose memories a question means.</summary>
internal enum SpeakerChoice
{
    /// <summary>Nobody's in particular.</summary>
    Anyone,

    /// <summary>Those of the one speaker that is named.</summary>
    Named,

    /// <summary>Those of the user, who asks of herself.</summary>
    User,
}
