using OrleansMemory.Grains.Memories.Recall.Indexing;

namespace OrleansMemory.Grains.Memories.Recall.Query;

/// <summary>Reads a question: names, dates, what kind of question it is, and the terms that are left.</summary>
/// <param name="memories">The memories that are asked.</param>
internal sealed class QueryAnalyzer(RecallMemories memories)
{
    /// <summary>Reads a question.</summary>
    /// <param name="query">The question.</param>
    /// <returns>What it asks for.</returns>
    public AnalyzedQuery Analyze(RecallQuery query)
    {
        var words = new QueryWords(query.Text, RecallIndex.MaxQueryTokens, memories.Languages.Present);
        (SpeakerChoice choice, Speaker? speaker) = new NameReader(words, memories).Read();
        bool asksSeveral = QuestionReader.AsksSeveral(words);
        List<DateSpan> dates = TakeDates(words, DateOnly.FromDateTime(query.Now.DateTime));
        bool isGeneral = dates.Count == 0 && GeneralQuestion.Is(words, choice);
        bool isOfUser = choice == SpeakerChoice.Anyone && (isGeneral || QuestionReader.IsOfUser(words));
        return new AnalyzedQuery
        {
            Words = isGeneral ? [] : words.Terms(),
            IsGeneral = isGeneral,
            Choice = isOfUser ? SpeakerChoice.User : choice,
            Speaker = speaker,
            Kind = QuestionReader.KindOf(words),
            AsksSeveral = asksSeveral && !isGeneral,
            Dates = dates,
        };
    }

    private static List<DateSpan> TakeDates(QueryWords words, DateOnly today)
    {
        var dates = new List<DateSpan>();
        var parts = new MonthPartReader(words, today);
        var calendar = new CalendarDateReader(words, today);
        var relative = new RelativeDateReader(words, today);
        for (int i = 0; i < words.Count; i++)
        {
            if (
                !words.IsTaken(i)
                && (parts.Read(i, out int count) ?? calendar.Read(i, out count) ?? relative.Read(i, out count)) is { } date
            )
            {
                dates.Add(date);
                words.Take(i, count);
            }
        }

        return dates;
    }
}

/// <summary>What a question asks for.</summary>
internal sealed record AnalyzedQuery
{
    /// <summary>
    /// Its words, without the names of speakers, dates and stop words, each once; none of a question about somebody in general.
    /// </summary>
    public required IReadOnlyList<QueryTerm> Words { get; init; }

    /// <summary>Whether it asks for whatever is known of somebody.</summary>
    public required bool IsGeneral { get; init; }

    /// <summary>Whose memories are meant.</summary>
    public required SpeakerChoice Choice { get; init; }

    /// <summary>The speaker who is meant; <see langword="null"/> when none or the user is.</summary>
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
    /// <summary>No particular person.</summary>
    Anyone,

    /// <summary>Those of the one speaker that is named.</summary>
    Named,

    /// <summary>Those of the first speaker of several that are named.</summary>
    Subject,

    /// <summary>Those of the user, who asks of herself.</summary>
    User,
}
