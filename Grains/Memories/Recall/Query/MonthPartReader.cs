using OrleansMemory.Grains.Memories.Recall.Indexing;

namespace OrleansMemory.Grains.Memories.Recall.Query;

/// <summary>
/// Reads parts of months out of a question: "the last two weeks of August 2023", "first weekend of October", "early May", "end of June
/// 2022".
/// </summary>
/// <param name="words">The words of the question.</param>
/// <param name="today">The day of the question.</param>
internal sealed class MonthPartReader(QueryWords words, DateOnly today)
{
    private const int Middle = 0;
    private const int Last = -1;
    private const int PartDays = 10;

    /// <summary>Reads a part of a month that starts at a word.</summary>
    /// <param name="at">The word.</param>
    /// <param name="count">How many words it has.</param>
    /// <returns>The part; <see langword="null"/> when none starts there.</returns>
    public DateSpan? Read(int at, out int count)
    {
        count = 0;
        if (PlaceOf(words[at].Text) is not { } place)
        {
            return null;
        }

        int next = at + 1;
        int number = words[next + 1].Text is "days" or "weeks" ? DateWords.CountOf(words[next].Text) : 0;
        next += number > 0 ? 1 : 0;
        string unit = words[next].Text is "day" or "days" or "week" or "weeks" or "weekend" or "half" ? words[next++].Text : "";
        next += words[next].Text is "of" or "in" ? 1 : 0;
        next += words[next].Text == "the" ? 1 : 0;
        int month = DateWords.MonthOf(words[next].Text);
        bool needsUnit = words[at].Text is "first" or "second" or "third" or "fourth" or "last";
        if (month == 0 || (needsUnit && unit.Length == 0))
        {
            return null;
        }

        next += words[next + 1].Text == "of" ? 2 : 1;
        int year = DateWords.YearOf(words[next].Text);
        count = next + (year > 0 ? 1 : 0) - at;
        DateSpan whole = DateSpan.OfMonth(year > 0 ? year : DateWords.NewestYearOf(today, month, 1), month);
        return unit == "weekend" ? WeekendOf(whole, place) : PartOf(whole, place, Math.Max(1, number) * DaysOf(unit));
    }

    /// <summary>Which part is meant, from 1.</summary>
    private static int? PlaceOf(string word) =>
        word switch
        {
            "first" or "early" or "beginning" or "start" => 1,
            "second" => 2,
            "third" => 3,
            "fourth" => 4,
            "mid" or "middle" => Middle,
            "last" or "late" or "end" => Last,
            _ => null,
        };

    private static int DaysOf(string unit) =>
        unit switch
        {
            "day" or "days" => 1,
            "week" or "weeks" => 7,
            "half" => 15,
            _ => PartDays,
        };

    private static DateSpan PartOf(DateSpan month, int place, int days)
    {
        int first = place switch
        {
            Middle => month.First + PartDays,
            Last => month.Last - days + 1,
            _ => month.First + ((place - 1) * days),
        };
        first = Math.Clamp(first, month.First, month.Last);
        return new DateSpan(first, Math.Min(first + days - 1, month.Last), DatePrecision.Day);
    }

    private static DateSpan WeekendOf(DateSpan month, int place)
    {
        int toSaturday = ((int)DayOfWeek.Saturday - (int)DateOnly.FromDayNumber(month.First).DayOfWeek + 7) % 7;
        int weekends = ((month.Last - month.First - toSaturday) / 7) + 1;
        int chosen = place switch
        {
            Middle => (weekends + 1) / 2,
            Last => weekends,
            _ => Math.Min(place, weekends),
        };
        int saturday = month.First + toSaturday + (7 * (chosen - 1));
        return new DateSpan(saturday, saturday + 1, DatePrecision.Day);
    }
}
