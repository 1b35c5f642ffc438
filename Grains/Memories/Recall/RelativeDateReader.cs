namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>
/// Reads dates that are counted from the question: "yesterday", "two weeks ago", "last month", "this year", "in the past three days", "on Monday",
/// "last weekend", "last May".
/// </summary>
/// <param name="words">The words of the question.</param>
/// <param name="today">The day of the question.</param>
internal sealed class RelativeDateReader(QueryWords words, DateOnly today)
{
    private readonly RelativeDays _days = new(today);

    /// <summary>Reads a date that starts at a word.</summary>
    /// <param name="at">The word.</param>
    /// <param name="count">How many words it has.</param>
    /// <returns>The date; <see langword="null"/> when none starts there.</returns>
    public DateSpan? Read(int at, out int count)
    {
        count = 1;
        string word = words[at].Text;
        switch (word)
        {
            case "today" or "tonight":
                return _days.Back(0);
            case "yesterday":
                return _days.Back(1);
            case "tomorrow":
                return _days.Back(-1);
            case "last" or "past" or "previous" or "this":
                return ReadRelation(at, word, out count);
        }

        if (DateWords.CountOf(word) is > 0 and int number)
        {
            return ReadAgo(at, number, out count);
        }

        bool isDay = DateWords.WeekdayOf(word) is not null && words[at - 1].Text is "on" or "since" or "from";
        count = isDay ? 1 : 0;
        return isDay ? _days.Last(DateWords.WeekdayOf(word)!.Value) : null;
    }

    /// <summary>"last week", "this year", "the past two weeks", "last Monday", "last night", "last May". Before "of" it is something else.</summary>
    private DateSpan? ReadRelation(int at, string relation, out int count)
    {
        string unit = words[at + 1].Text;
        int number = relation is "last" or "past" ? DateWords.CountOf(unit) : 0;
        DateSpan? span = number > 0 ? _days.Since(words[at + 2].Text, number) : OfUnit(unit, relation == "this" ? 0 : 1);
        count = number > 0 ? 3 : 2;
        bool isRelative = span is not null && words[at + count].Text != "of";
        count = isRelative ? count : 0;
        return isRelative ? span : null;
    }

    private DateSpan? OfUnit(string unit, int back) => unit switch
    {
        "night" or "evening" => _days.Back(back),
        "morning" or "afternoon" => _days.Back(0),
        "week" => _days.Week(back),
        "weekend" => _days.Weekend(back),
        "month" => _days.Month(back),
        "year" => _days.Year(back),
        _ when DateWords.WeekdayOf(unit) is { } weekday => _days.Last(weekday),
        _ when DateWords.MonthOf(unit) is > 0 and int month => DateSpan.OfMonth(DateWords.NewestYearOf(today, month, 1), month),
        _ => null,
    };

    /// <summary>"3 days ago", "a week ago", "a couple of months ago".</summary>
    private DateSpan? ReadAgo(int at, int number, out int count)
    {
        int unit = at + 1;
        if (words[at].Text == "a" && words[unit].Text is "couple" or "few")
        {
            number = DateWords.CountOf(words[unit].Text);
            unit++;
        }

        unit += words[unit].Text == "of" ? 1 : 0;
        DateSpan? span = words[unit + 1].Text == "ago" ? _days.Ago(words[unit].Text, number) : null;
        count = span is null ? 0 : unit + 2 - at;
        return span;
    }
}
