using System.Collections.Frozen;
using System.Globalization;

namespace OrleansMemory.Grains.Memories.Recall.Indexing;

/// <summary>The English words of dates.</summary>
internal static class DateWords
{
    private static readonly string[] MonthNames =
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];

    private static readonly FrozenDictionary<string, int> Months = MonthNames
        .Select((name, index) => KeyValuePair.Create(name, index + 1))
        .Concat(
            MonthNames.Where(name => name.Length > 4).Select(name => KeyValuePair.Create(name[..3], Array.IndexOf(MonthNames, name) + 1))
        )
        .Append(KeyValuePair.Create("sept", 9))
        .ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly string[] Numbers =
    [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ];

    private static readonly FrozenDictionary<string, int> Counts = Numbers
        .Select((word, index) => KeyValuePair.Create(word, index + 1))
        .Concat([
            KeyValuePair.Create("a", 1),
            KeyValuePair.Create("an", 1),
            KeyValuePair.Create("couple", 2),
            KeyValuePair.Create("few", 3),
        ])
        .ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> DateLeads = FrozenSet.ToFrozenSet(
        [
            "in",
            "on",
            "of",
            "since",
            "until",
            "till",
            "during",
            "by",
            "from",
            "before",
            "after",
            "around",
            "early",
            "late",
            "mid",
            "this",
            "last",
            "next",
            "and",
            "to",
            "between",
        ],
        StringComparer.Ordinal
    );

    /// <summary>The number of a month.</summary>
    /// <param name="word">A folded word.</param>
    /// <returns>1 to 12; 0 when it is no month.</returns>
    public static int MonthOf(string word) => Months.GetValueOrDefault(word);

    /// <summary>A day of the week.</summary>
    /// <param name="word">A folded word.</param>
    /// <returns>The day; <see langword="null"/> when it is none.</returns>
    public static DayOfWeek? WeekdayOf(string word) =>
        word switch
        {
            "monday" => DayOfWeek.Monday,
            "tuesday" => DayOfWeek.Tuesday,
            "wednesday" => DayOfWeek.Wednesday,
            "thursday" => DayOfWeek.Thursday,
            "friday" => DayOfWeek.Friday,
            "saturday" => DayOfWeek.Saturday,
            "sunday" => DayOfWeek.Sunday,
            _ => null,
        };

    /// <summary>The number of a day of a month: "7", "7th", "07".</summary>
    /// <param name="word">A folded word.</param>
    /// <returns>1 to 31; 0 when it is none.</returns>
    public static int DayOf(string word)
    {
        ReadOnlySpan<char> digits =
            word.EndsWith("st", StringComparison.Ordinal)
            || word.EndsWith("nd", StringComparison.Ordinal)
            || word.EndsWith("rd", StringComparison.Ordinal)
            || word.EndsWith("th", StringComparison.Ordinal)
                ? word.AsSpan(0, word.Length - 2)
                : word;
        return
            digits.Length <= 2
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int day)
            && day is >= 1 and <= 31
            ? day
            : 0;
    }

    /// <summary>A year.</summary>
    /// <param name="word">A folded word.</param>
    /// <returns>1900 to 2099; 0 when it is none.</returns>
    public static int YearOf(string word) =>
        word.Length == 4 && int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int year) && year is >= 1900 and <= 2099
            ? year
            : 0;

    /// <summary>Whether the name of a month is an English word as well, or the short form of one that is.</summary>
    /// <param name="word">A folded word.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsOtherWord(string word) => word is "may" or "march" or "mar" or "jan" or "dec" or "sep" or "august";

    /// <summary>The newest year in which a day is not after today.</summary>
    /// <param name="today">Today.</param>
    /// <param name="month">The month, 1 to 12.</param>
    /// <param name="day">The day, 1 to 31.</param>
    /// <returns>The year, 1 or later.</returns>
    public static int NewestYearOf(DateOnly today, int month, int day) =>
        (month, day).CompareTo((today.Month, today.Day)) <= 0 ? today.Year : Math.Max(1, today.Year - 1);

    /// <summary>How many.</summary>
    /// <param name="word">A folded word: a number in digits or words up to a thousand.</param>
    /// <returns>The number; 0 when it is none.</returns>
    public static int CountOf(string word) =>
        Counts.TryGetValue(word, out int count) ? count
        : word.Length <= 3 && int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out count) ? count
        : 0;

    /// <summary>Whether a word leads to a date, such as "in" or "since".</summary>
    /// <param name="word">A folded word.</param>
    /// <returns>Whether it does.</returns>
    public static bool LeadsToDate(string word) => DateLeads.Contains(word);
}
