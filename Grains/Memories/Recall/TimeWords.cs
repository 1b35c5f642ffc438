using System.Collections.Frozen;

namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>English words that tell when something was or will be.</summary>
internal static class TimeWords
{
    private static readonly FrozenSet<string> Words = FrozenSet.ToFrozenSet(
        [
            "yesterday", "today", "tonight", "tomorrow", "ago", "last", "next", "week", "weeks", "weekend", "weekends", "month", "months", "year", "years", "day",
            "days", "morning", "evening", "night", "recently", "since", "soon", "hour", "hours", "summer", "winter", "spring", "autumn", "fall",
        ],
        StringComparer.Ordinal);

    /// <summary>Whether a word is one of them, a day of the week, a month or a year.</summary>
    /// <param name="word">A folded word.</param>
    /// <returns>Whether it is.</returns>
    public static bool Contains(string word) =>
        Words.Contains(word) || DateWords.WeekdayOf(word) is not null || DateWords.YearOf(word) > 0
        || (DateWords.MonthOf(word) > 0 && word is not ("may" or "march"));
}
