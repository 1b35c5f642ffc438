using System.Text;

namespace OrleansMemory.Grains.Memories.Recall.Indexing;

/// <summary>
/// Letters that stand for several others, written out: <c>ß</c> as <c>ss</c>, ligatures, and the mathematical letters and the raised,
/// lowered and circled digits in which people decorate what they write. It folds what the tokenizer of searches leaves, whose folded words
/// are stored and stay as they are.
/// </summary>
internal static class LetterFolding
{
    private const int FirstMathematical = 0x1D400;
    private const int FirstMathematicalGreek = 0x1D6A8;
    private const int FirstMathematicalDigit = 0x1D7CE;
    private const int LastMathematical = 0x1D7FF;

    /// <summary>Folds a word.</summary>
    /// <param name="word">A word as the tokenizer gives it.</param>
    /// <returns>The folded word; the same one when there is nothing to fold.</returns>
    public static string Fold(string word)
    {
        if (Ascii.IsValid(word))
        {
            return word;
        }

        StringBuilder? folded = null;
        int length = 0;
        foreach (Rune rune in word.EnumerateRunes())
        {
            if (Expand(rune) is { } expanded)
            {
                folded ??= new StringBuilder(word, 0, length, word.Length + 4);
                folded.Append(expanded);
            }
            else
            {
                folded?.Append(rune.ToString());
            }

            length += rune.Utf16SequenceLength;
        }

        return folded?.ToString() ?? word;
    }

    private static string? Expand(Rune rune) =>
        rune.Value switch
        {
            'ß' => "ss",
            'æ' => "ae",
            'œ' => "oe",
            'þ' => "th",
            'ð' => "d",
            'ŋ' => "n",
            'ĸ' => "k",
            'ĳ' => "ij",
            'ª' => "a",
            'º' => "o",
            'ﬀ' => "ff",
            'ﬁ' => "fi",
            'ﬂ' => "fl",
            'ﬃ' => "ffi",
            'ﬄ' => "ffl",
            'ﬅ' or 'ﬆ' => "st",
            '¹' => "1",
            '²' => "2",
            '³' => "3",
            '⁰' => "0",
            >= 0x2074 and <= 0x2079 => Digit(rune.Value - 0x2070),
            >= 0x2080 and <= 0x2089 => Digit(rune.Value - 0x2080),
            >= 0x2460 and <= 0x2468 => Digit(rune.Value - 0x245F), // circled digits, from 1
            >= FirstMathematical and < FirstMathematicalGreek - 4 => Letter((rune.Value - FirstMathematical) % 26),
            >= FirstMathematicalDigit and <= LastMathematical => Digit((rune.Value - FirstMathematicalDigit) % 10),
            _ => null,
        };

    private static string Letter(int index) => ((char)('a' + index)).ToString();

    private static string Digit(int digit) => ((char)('0' + digit)).ToString();
}
