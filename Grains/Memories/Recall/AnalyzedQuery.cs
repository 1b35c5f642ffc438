namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>What a question asks for.</summary>
internal sealed record AnalyzedQuery
{
    /// <summary>Its words, without the names of speakers, dates and stop words, each once; none of a question about somebody in general.</summary>
    public required IReadOnlyList<QueryTerm> Words { get; init; }

    /// <summary>Whether it asks for whatever is known of somebody.</summary>
    public required bool IsGeneral { get; init; }

    /// <summary>Whose memories are meant.</summary>
    public required SpeakerChoice Choice { get; init; }

    /// <summary>The speaker who is meant; <see langword="null"/> when nobody or the user is.</summary>
    public Speaker? Speaker { get; init; }

    /// <summary>What it asks for.</summary>
    public required QuestionKind Kind { get; init; }

    /// <summary>Whether it asks for several things.</summary>
    public required bool AsksSeveral { get; init; }

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

    /// <summary>Those of the first speaker of several that are named.</summary>
    Subject,

    /// <summary>Those of the user, who asks of herself.</summary>
    User,
}
