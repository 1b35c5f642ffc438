using System.Collections.Frozen;
using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Memories.Recall.Indexing;

/// <summary>
/// Reads what is noted of a memory out of its text. What is told by words and capital letters is so for English; elsewhere it is rarely or
/// always there, and does no harm.
/// </summary>
internal static class TraitReader
{
    /// <summary>The most terms of a question. A longer text that ends with one tells something before.</summary>
    private const int MaxQuestionTerms = 16;

    /// <summary>Reads the traits of a memory.</summary>
    /// <param name="document">The memory.</param>
    /// <param name="tokens">The tokens of its text.</param>
    /// <param name="terms">How many terms its text has.</param>
    /// <returns>Its traits.</returns>
    public static MemoryTraits Read(RecallDocument document, List<Token> tokens, int terms)
    {
        MemoryTraits traits = OfRole(document);
        traits |= terms <= MaxQuestionTerms && EndsWithQuestion(document.Text) ? MemoryTraits.Question : MemoryTraits.None;
        for (int i = 0; i < tokens.Count; i++)
        {
            string word = tokens[i].Text;
            traits |= TimeWords.Contains(word) ? MemoryTraits.TimeWord : MemoryTraits.None;
            traits |= word is "i" or "me" or "my" or "we" or "our" ? MemoryTraits.FirstPerson : MemoryTraits.None;
            if (IsName(document.Text, tokens[i]))
            {
                traits |= MemoryTraits.Name | (FollowsPlaceWord(tokens, i) ? MemoryTraits.Place : MemoryTraits.None);
            }
        }

        return traits;
    }

    private static MemoryTraits OfRole(RecallDocument document)
    {
        MemoryTraits kind = document.Kind == RecallKind.Turn ? MemoryTraits.Turn : MemoryTraits.None;
        return document.Role?.ToUpperInvariant() switch
        {
            "USER" => kind | MemoryTraits.User,
            "ASSISTANT" => kind | MemoryTraits.Assistant,
            _ => kind,
        };
    }

    /// <summary>Whether a question mark is the last thing that is said; what follows it has no letters.</summary>
    private static bool EndsWithQuestion(string text)
    {
        for (int i = text.Length - 1; i >= 0; i--)
        {
            if (text[i] is '?' or '\uFF1F' or '\u061F')
            {
                return true;
            }

            if (char.IsLetterOrDigit(text[i]))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Whether a word starts with a capital letter though a word stands right before it. "I" is no name.</summary>
    private static bool IsName(string text, Token token) =>
        token.Start >= 2
        && char.IsUpper(text[token.Start])
        && token.Text != "i"
        && text[token.Start - 1] == ' '
        && char.IsLetter(text[token.Start - 2]);

    private static bool FollowsPlaceWord(List<Token> tokens, int index)
    {
        int before = index > 0 && tokens[index - 1].Text == "the" ? index - 2 : index - 1;
        return before >= 0 && tokens[before].Text is "in" or "at" or "to" or "from" or "near" && DateWords.MonthOf(tokens[index].Text) == 0;
    }
}

/// <summary>What is noted of a memory when it is put into the index.</summary>
[Flags]
internal enum MemoryTraits
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It is a turn: it has neighbours.</summary>
    Turn = 1,

    /// <summary>The user said it.</summary>
    User = 2,

    /// <summary>The assistant said it.</summary>
    Assistant = 4,

    /// <summary>It has a word of time, such as "yesterday" or "weekend".</summary>
    TimeWord = 8,

    /// <summary>It is short and ends with a question.</summary>
    Question = 16,

    /// <summary>It has the name of a place: a word with a capital letter after "in", "at", "to", "from" or "near".</summary>
    Place = 32,

    /// <summary>It has a name: a word with a capital letter inside a sentence.</summary>
    Name = 64,

    /// <summary>It is in the first person.</summary>
    FirstPerson = 128,
}

/// <summary>English words that tell when something was or will be.</summary>
internal static class TimeWords
{
    private static readonly FrozenSet<string> Words = FrozenSet.ToFrozenSet(
        [
            "yesterday",
            "today",
            "tonight",
            "tomorrow",
            "ago",
            "last",
            "next",
            "week",
            "weeks",
            "weekend",
            "weekends",
            "month",
            "months",
            "year",
            "years",
            "day",
            "days",
            "morning",
            "evening",
            "night",
            "recently",
            "since",
            "soon",
            "hour",
            "hours",
            "summer",
            "winter",
            "spring",
            "autumn",
            "fall",
        ],
        StringComparer.Ordinal
    );

    /// <summary>Whether a word is one of them, a day of the week, a month or a year.</summary>
    /// <param name="word">A folded word.</param>
    /// <returns>Whether it is.</returns>
    public static bool Contains(string word) =>
        Words.Contains(word)
        || DateWords.WeekdayOf(word) is not null
        || DateWords.YearOf(word) > 0
        || (DateWords.MonthOf(word) > 0 && word is not ("may" or "march"));
}
