using OrleansMemory.Grains.Memories.Recall.Indexing;

namespace OrleansMemory.Grains.Memories.Recall.Query;

/// <summary>
/// Reads dates that are counted from the question: "yesterday", "two weeks ago", "last month", "this year", "in the past three days", "on
/// Monday", "last weekend", "last May".
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

    /// <summary>
    /// "last week", "this year", "the past two weeks", "last Monday", "last night", "last May". Before "of" it is something else.
    /// </summary>
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

    private DateSpan? OfUnit(string unit, int back) =>
        unit switch
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

/// <summary>Days, weeks, months and years counted from a day. What would be before the calendar's first day is that day.</summary>
/// <param name="today">The day.</param>
internal sealed class RelativeDays(DateOnly today)
{
    private const int AboutDays = 3;

    /// <summary>A day so many days back.</summary>
    /// <param name="days">How many; negative ones are ahead.</param>
    /// <returns>The day.</returns>
    public DateSpan Back(int days) => DateSpan.OfDay(DayBack(days));

    /// <summary>The newest such day of the week before today.</summary>
    /// <param name="weekday">The day of the week.</param>
    /// <returns>The day.</returns>
    public DateSpan Last(DayOfWeek weekday) => Back((((int)today.DayOfWeek - (int)weekday + 6) % 7) + 1);

    /// <summary>A week, from Monday to Sunday.</summary>
    /// <param name="back">How many weeks back.</param>
    /// <returns>The week.</returns>
    public DateSpan Week(int back)
    {
        int monday = Math.Max(0, today.DayNumber - (((int)today.DayOfWeek + 6) % 7) - (7 * back));
        return new DateSpan(monday, monday + 6, DatePrecision.Day);
    }

    /// <summary>A weekend. On a weekend, the last one is the one a week before.</summary>
    /// <param name="back">How many weeks back.</param>
    /// <returns>Saturday and Sunday.</returns>
    public DateSpan Weekend(int back)
    {
        DateSpan week = Week(back);
        return week with { First = week.Last - 1 };
    }

    /// <summary>A month.</summary>
    /// <param name="back">How many months back.</param>
    /// <returns>The month.</returns>
    public DateSpan Month(int back)
    {
        int months = Math.Max(0, (today.Year * 12) + today.Month - 13 - back);
        return DateSpan.OfMonth((months / 12) + 1, (months % 12) + 1);
    }

    /// <summary>A year.</summary>
    /// <param name="back">How many years back.</param>
    /// <returns>The year.</returns>
    public DateSpan Year(int back) => DateSpan.OfYear(Math.Max(1, today.Year - back));

    /// <summary>About when something was that was so long ago: weeks to three days, months and years to themselves.</summary>
    /// <param name="unit">"days", "weeks", "months", "years" or one of them.</param>
    /// <param name="number">How many.</param>
    /// <returns>The time; <see langword="null"/> for another unit.</returns>
    public DateSpan? Ago(string unit, int number) =>
        unit switch
        {
            "day" or "days" => Back(number),
            "week" or "weeks" => About(DayBack(7 * number).DayNumber),
            "month" or "months" => Month(number),
            "year" or "years" => Year(number),
            _ => null,
        };

    /// <summary>The time from so long ago until today.</summary>
    /// <param name="unit">"days", "weeks", "months", "years" or one of them.</param>
    /// <param name="number">How many.</param>
    /// <returns>The time; <see langword="null"/> for another unit.</returns>
    public DateSpan? Since(string unit, int number) =>
        unit switch
        {
            "day" or "days" => Until(DayBack(number).DayNumber),
            "week" or "weeks" => Until(DayBack(7 * number).DayNumber),
            "month" or "months" => Until(Month(number).First + today.Day - 1),
            "year" or "years" => Until(Year(number).First + today.DayOfYear - 1),
            _ => null,
        };

    private static DateSpan About(int day) => new(day - AboutDays, day + AboutDays, DatePrecision.Day);

    private DateSpan Until(int first) => new(first, today.DayNumber, DatePrecision.Day);

    private DateOnly DayBack(int days) => DateOnly.FromDayNumber(Math.Clamp(today.DayNumber - days, 0, DateOnly.MaxValue.DayNumber));
}
