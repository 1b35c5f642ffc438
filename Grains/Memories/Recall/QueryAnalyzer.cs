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
        List<Speaker> named = TakeNames(words);
        IReadOnlyList<DateSpan> dates = TakeDates(words, DateOnly.FromDateTime(query.Now.DateTime));
        bool ofUser = named.Count == 0 && IsOfUser(words);
        return new AnalyzedQuery
        {
            Terms = [.. words.Terms().Distinct(StringComparer.Ordinal)],
            Choice = named.Count == 1 ? SpeakerChoice.Named : ofUser ? SpeakerChoice.User : SpeakerChoice.Anyone,
            Speaker = named.Count == 1 ? named[0] : null,
            AsksTime = AsksTime(words),
            Dates = dates,
        };
    }

    private List<Speaker> TakeNames(QueryWords words)
    {
        List<Speaker> all = [.. speakers.Speakers];
        var named = new List<Speaker>();
        for (int i = 0; i < words.Count; i++)
        {
            foreach (Speaker speaker in all)
            {
                if (SpeakerNames.LengthAt(words, i, speaker) is > 0 and int length)
                {
                    words.Take(i, length);
                    if (!named.Contains(speaker))
                    {
                        named.Add(speaker);
                    }
                }
            }
        }

        return named;
    }

    private static List<DateSpan> TakeDates(QueryWords words, DateOnly today)
    {
        var dates = new List<DateSpan>();
        var calendar = new CalendarDateReader(words, today);
        var relative = new RelativeDateReader(words, today);
        for (int i = 0; i < words.Count; i++)
        {
            if (!words.IsTaken(i) && (calendar.Read(i, out int count) ?? relative.Read(i, out count)) is { } date)
            {
                dates.Add(date);
                words.Take(i, Math.Min(count, words.Count - i));
            }
        }

        return dates;
    }

    private static bool AsksTime(QueryWords words) => (words[0].Text, words[1].Text) switch
    {
        ("when", _) or ("how", "long") => true,
        ("what" or "which", "date" or "day" or "month" or "year") => true,
        _ => false,
    };

    /// <summary>Whether the question is in the first person and does not ask for what the other one said.</summary>
    private static bool IsOfUser(QueryWords words)
    {
        bool first = false;
        for (int i = 0; i < words.Count; i++)
        {
            first |= words[i].Text is "i" or "me" or "my" or "mine" or "myself";
            bool isPolite = words[i - 1].Text is "can" or "could" or "would" or "will" or "do";
            if (words[i].Text is "your" or "yours" || (words[i].Text == "you" && !isPolite))
            {
                return false;
            }
        }

        return first;
    }
}
