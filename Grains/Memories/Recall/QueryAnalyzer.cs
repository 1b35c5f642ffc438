namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>Reads a question: names, dates, what kind of question it is, and the terms that are left.</summary>
/// <param name="speakers">Who said the memories.</param>
internal sealed class QueryAnalyzer(SpeakerTable speakers)
{
    /// <summary>Reads a question.</summary>
    /// <param name="query">The question.</param>
    /// <returns>What it asks for.</returns>
    public AnalyzedQuery Analyze(RecallQuery query)
    {
        var words = new QueryWords(query.Text, RecallIndex.MaxQueryTokens);
        (SpeakerChoice choice, Speaker? speaker) = new NameReader(words, speakers).Read();
        bool asksSeveral = QuestionReader.AsksSeveral(words);
        List<DateSpan> dates = TakeDates(words, DateOnly.FromDateTime(query.Now.DateTime));
        return new AnalyzedQuery
        {
            Terms = [.. words.Terms().Distinct(StringComparer.Ordinal)],
            Choice = choice == SpeakerChoice.Anyone && QuestionReader.IsOfUser(words) ? SpeakerChoice.User : choice,
            Speaker = speaker,
            Kind = QuestionReader.KindOf(words),
            AsksSeveral = asksSeveral,
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
            if (!words.IsTaken(i) && (parts.Read(i, out int count) ?? calendar.Read(i, out count) ?? relative.Read(i, out count)) is { } date)
            {
                dates.Add(date);
                words.Take(i, count);
            }
        }

        return dates;
    }
}
