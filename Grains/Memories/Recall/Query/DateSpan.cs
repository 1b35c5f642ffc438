namespace OrleansMemory.Grains.Memories.Recall.Query;

/// <summary>A time that a question names, as UTC dates counted in days.</summary>
/// <param name="First">The first day.</param>
/// <param name="Last">The last day.</param>
/// <param name="Precision">How exactly it was named.</param>
internal readonly record struct DateSpan(int First, int Last, DatePrecision Precision)
{
    /// <summary>One day.</summary>
    /// <param name="date">The day.</param>
    /// <returns>The span.</returns>
    public static DateSpan OfDay(DateOnly date) => new(date.DayNumber, date.DayNumber, DatePrecision.Day);

    /// <summary>One month.</summary>
    /// <param name="year">Its year.</param>
    /// <param name="month">Its number, 1 to 12.</param>
    /// <returns>The span.</returns>
    public static DateSpan OfMonth(int year, int month)
    {
        int first = new DateOnly(year, month, 1).DayNumber;
        return new DateSpan(first, first + DateTime.DaysInMonth(year, month) - 1, DatePrecision.Month);
    }

    /// <summary>One year.</summary>
    /// <param name="year">The year.</param>
    /// <returns>The span.</returns>
    public static DateSpan OfYear(int year) =>
        new(new DateOnly(year, 1, 1).DayNumber, new DateOnly(year, 12, 31).DayNumber, DatePrecision.Year);

    /// <summary>How well a day fits the best of several spans; see <see cref="FitOf"/>.</summary>
    /// <param name="day">The day on which something was said.</param>
    /// <param name="spans">The spans.</param>
    /// <returns>0 (not at all) to 1.</returns>
    public static double BestFitOf(int day, IReadOnlyList<DateSpan> spans)
    {
        double fit = 0;
        for (int i = 0; i < spans.Count; i++)
        {
            fit = Math.Max(fit, spans[i].FitOf(day));
        }

        return fit;
    }

    /// <summary>
    /// How well a day fits. People speak of what happened shortly after it, so the days after fit better than those before.
    /// </summary>
    /// <param name="day">The day on which something was said.</param>
    /// <returns>0 (not at all) to 1.</returns>
    public double FitOf(int day)
    {
        int off = day > Last ? day - Last : Math.Min(0, day - First);
        return Precision switch
        {
            DatePrecision.Day => off switch
            {
                0 or 1 => 1,
                >= -1 and <= 4 => 0.7,
                >= -3 and <= 10 => 0.4,
                _ => 0,
            },
            DatePrecision.Month => off switch
            {
                0 => 0.8,
                > 0 and <= 10 => 0.4,
                _ => 0,
            },
            _ => off == 0 ? 0.3 : 0,
        };
    }
}

/// <summary>How exactly a time is named.</summary>
internal enum DatePrecision
{
    /// <summary>By its day or days.</summary>
    Day,

    /// <summary>By its month.</summary>
    Month,

    /// <summary>By its year.</summary>
    Year,
}
