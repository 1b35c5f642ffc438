namespace OrleansMemory.Grains.Memories.Recall;

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
    public DateSpan? Ago(string unit, int number) => unit switch
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
    public DateSpan? Since(string unit, int number) => unit switch
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
