namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>
/// Reads dates that are counted from the question: "yesterday", "two weeks ago", "last month", "this year", "in the past three days", "on Monday",
/// "last weekend".
/// </summary>
/// <param name="words">The words of the question.</param>
/// <param name="today">The day of the question.</param>
internal sealed class RelativeDateReader(QueryWords words, DateOnly today)
{
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
                return DateSpan.OfDay(today);
            case "yesterday":
                return DateSpan.OfDay(today.AddDays(-1));
            case "tomorrow":
                return DateSpan.OfDay(today.AddDays(1));
            case "last" or "past" or "previous" or "this":
                return ReadRelation(at, word, out count);
        }

        if (DateWords.CountOf(word) is > 0 and int number)
        {
            return ReadAgo(at, number, out count);
        }

        bool isLed = DateWords.WeekdayOf(word) is not null && words[at - 1].Text is "on" or "since" or "from";
        count = isLed ? 1 : 0;
        return isLed ? LastWeekday(word) : null;
    }

    /// <summary>"last week", "this year", "the past two weeks", "last Monday", "last night".</summary>
    private DateSpan? ReadRelation(int at, string relation, out int count)
    {
        string unit = words[at + 1].Text;
        int back = relation == "this" ? 0 : 1;
        count = 2;
        if (DateWords.WeekdayOf(unit) is not null)
        {
            return LastWeekday(unit);
        }

        if (relation is "last" or "past" && DateWords.CountOf(unit) is > 0 and int number && Back(words[at + 2].Text, number) is { } start)
        {
            count = 3;
            return new DateSpan(start.DayNumber, today.DayNumber, DatePrecision.Day);
        }

        switch (unit)
        {
            case "night" or "evening":
                return DateSpan.OfDay(today.AddDays(-back));
            case "morning" or "afternoon":
                return DateSpan.OfDay(today);
            case "week":
                return Week(back);
            case "weekend":
                DateSpan week = Week(back == 1 && today.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) ? 1 : 0);
                return week with { First = week.Last - 1 };
            case "month":
                DateOnly month = today.AddMonths(-back);
                return DateSpan.OfMonth(month.Year, month.Month);
            case "year":
                return DateSpan.OfYear(Math.Max(1, today.Year - back));
            default:
                count = 0;
                return null;
        }
    }

    /// <summary>"3 days ago", "a week ago", "a couple of months ago".</summary>
    private DateSpan? ReadAgo(int at, int number, out int count)
    {
        int unit = words[at].Text == "a" && words[at + 1].Text is "couple" or "few" ? at + 2 : at + 1;
        number = unit == at + 2 ? DateWords.CountOf(words[at + 1].Text) : number;
        unit += words[unit].Text == "of" ? 1 : 0;
        if (words[unit + 1].Text != "ago" || Back(words[unit].Text, number) is not { } then)
        {
            count = 0;
            return null;
        }

        count = unit + 2 - at;
        return words[unit].Text[0] switch
        {
            'd' => DateSpan.OfDay(then),
            'w' => new DateSpan(then.DayNumber - 3, then.DayNumber + 3, DatePrecision.Day),
            'm' => DateSpan.OfMonth(then.Year, then.Month),
            _ => DateSpan.OfYear(then.Year),
        };
    }

    /// <summary>The day that is so many units before today.</summary>
    private DateOnly? Back(string unit, int number)
    {
        int years = Math.Min(number, today.Year - 1);
        return unit switch
        {
            "day" or "days" => DateOnly.FromDayNumber(Math.Max(0, today.DayNumber - number)),
            "week" or "weeks" => DateOnly.FromDayNumber(Math.Max(0, today.DayNumber - (7 * number))),
            "month" or "months" => today.Year > 100 ? today.AddMonths(-number) : DateOnly.MinValue,
            "year" or "years" => today.AddYears(-years),
            _ => null,
        };
    }

    /// <summary>The newest such day of the week before today.</summary>
    private DateSpan LastWeekday(string word)
    {
        int back = (((int)today.DayOfWeek - (int)DateWords.WeekdayOf(word)! + 6) % 7) + 1;
        return DateSpan.OfDay(DateOnly.FromDayNumber(Math.Max(0, today.DayNumber - back)));
    }

    /// <summary>The week, from Monday to Sunday, that is so many weeks back.</summary>
    private DateSpan Week(int back)
    {
        int monday = today.DayNumber - (((int)today.DayOfWeek + 6) % 7) - (7 * back);
        return new DateSpan(monday, monday + 6, DatePrecision.Day);
    }
}
