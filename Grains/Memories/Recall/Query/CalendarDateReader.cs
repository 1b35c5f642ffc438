using OrleansMemory.Grains.Memories.Recall.Indexing;

namespace OrleansMemory.Grains.Memories.Recall.Query;

/// <summary>
/// Reads dates of the calendar out of a question: "7 July 2023", "July 7th", "2023-07-07", "in May 2023", "in May", "in 2021". Without a
/// year the newest one that is not after the question is meant.
/// </summary>
/// <param name="words">The words of the question.</param>
/// <param name="today">The day of the question.</param>
internal sealed class CalendarDateReader(QueryWords words, DateOnly today)
{
    /// <summary>Reads a date that starts at a word.</summary>
    /// <param name="at">The word.</param>
    /// <param name="count">How many words it has.</param>
    /// <returns>The date; <see langword="null"/> when none starts there.</returns>
    public DateSpan? Read(int at, out int count)
    {
        string word = words[at].Text;
        count = 0;
        if (DateWords.MonthOf(word) is > 0 and int month)
        {
            return ReadMonth(at, month, out count);
        }

        if (DateWords.DayOf(word) is > 0 and int day)
        {
            int of = words[at + 1].Text == "of" ? 1 : 0;
            int monthAfter = DateWords.MonthOf(words[at + 1 + of].Text);
            return monthAfter > 0 ? ReadDay(day, monthAfter, at, 2 + of, out count) : null;
        }

        return DateWords.YearOf(word) is > 0 and int year ? ReadYear(at, year, out count) : null;
    }

    private DateSpan? ReadMonth(int at, int month, out int count)
    {
        if (DateWords.DayOf(words[at + 1].Text) is > 0 and int day)
        {
            return ReadDay(day, month, at, 2, out count);
        }

        int of = words[at + 1].Text == "of" ? 1 : 0;
        if (DateWords.YearOf(words[at + 1 + of].Text) is > 0 and int year)
        {
            count = 2 + of;
            return DateSpan.OfMonth(year, month);
        }

        bool isName = DateWords.LeadsToDate(words[at - 1].Text) && (words[at].IsCapital || !DateWords.IsOtherWord(words[at].Text));
        count = isName ? 1 : 0;
        return isName ? DateSpan.OfMonth(DateWords.NewestYearOf(today, month, 1), month) : null;
    }

    /// <summary>A day of a month, and the year after it when there is one.</summary>
    private DateSpan ReadDay(int day, int month, int at, int length, out int count)
    {
        int year = DateWords.YearOf(words[at + length].Text);
        count = year > 0 ? length + 1 : length;
        return Day(year > 0 ? year : DateWords.NewestYearOf(today, month, day), month, day);
    }

    private DateSpan? ReadYear(int at, int year, out int count)
    {
        (string second, string third) = (words[at + 1].Text, words[at + 2].Text);
        bool isWritten = second.Length == 2 && third.Length == 2 && DateWords.DayOf(second) is >= 1 and <= 12 && DateWords.DayOf(third) > 0;
        if (isWritten)
        {
            count = 3;
            return Day(year, DateWords.DayOf(second), DateWords.DayOf(third));
        }

        bool isLed = DateWords.LeadsToDate(words[at - 1].Text) || words[at - 1].Text == "year";
        count = isLed ? 1 : 0;
        return isLed ? DateSpan.OfYear(year) : null;
    }

    /// <summary>A day that the month does not have is its last one.</summary>
    private static DateSpan Day(int year, int month, int day) =>
        DateSpan.OfDay(new DateOnly(year, month, Math.Min(day, DateTime.DaysInMonth(year, month))));
}
