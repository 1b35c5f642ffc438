using System.Globalization;
using System.Text;

namespace OrleansMemory.LocalEmbeddings.Text;

/// <summary>
/// Cuts a text into words as BERT's basic tokenizer does: control characters out, every kind of white space a border, punctuation and
/// Chinese characters words of their own, and for models that know small letters only accents and case off. Half a surrogate pair is left
/// out, as U+0000 and U+FFFD are.
/// </summary>
/// <remarks>
/// The one of Microsoft.ML.Tokenizers 2.0.1 joins the words at a line break and leaves out symbols, some marks and all characters beyond
/// the first plane.
/// </remarks>
internal static class BertWords
{
    /// <summary>Cuts a text.</summary>
    /// <param name="lowerCase">Whether accents and case come off.</param>
    /// <param name="maxWords">How many words are looked at: what comes after them is not read.</param>
    /// <returns>The words with a space between them.</returns>
    public static string Cut(string text, bool lowerCase, int maxWords)
    {
        var words = new StringBuilder(Math.Min(text.Length, maxWords * 8));
        int count = 0;
        bool isInWord = false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value is '\t' or '\n' or '\r' || (Rune.IsWhiteSpace(rune) && !Rune.IsControl(rune)))
            {
                isInWord = false;
                continue;
            }

            if (IsLeftOut(rune, lowerCase))
            {
                continue;
            }

            bool isAlone = IsChinese(rune.Value) || IsPunctuation(rune);
            if (!isInWord || isAlone)
            {
                if (count == maxWords)
                {
                    break;
                }

                words.Append(count++ == 0 ? "" : " ");
            }

            isInWord = !isAlone;
            Write(rune, lowerCase, words);
        }

        return words.ToString();
    }

    private static void Write(Rune rune, bool lowerCase, StringBuilder words)
    {
        if (!lowerCase || rune.IsAscii)
        {
            LetterParts.Append(lowerCase ? Rune.ToLowerInvariant(rune) : rune, words);
            return;
        }

        int from = words.Length;
        LetterParts.Write(rune, words);
        string parts = words.ToString(from, words.Length - from);
        words.Length = from;
        foreach (Rune part in parts.EnumerateRunes())
        {
            LetterParts.Append(Rune.ToLowerInvariant(part), words);
        }
    }

    private static bool IsLeftOut(Rune rune, bool lowerCase) =>
        !rune.IsAscii
            ? rune.Value == Rune.ReplacementChar.Value
                || Rune.GetUnicodeCategory(rune) switch
                {
                    UnicodeCategory.Control
                    or UnicodeCategory.Format
                    or UnicodeCategory.PrivateUse
                    or UnicodeCategory.OtherNotAssigned
                    or UnicodeCategory.Surrogate => true,
                    UnicodeCategory.NonSpacingMark => lowerCase,
                    _ => false,
                }
            : Rune.IsControl(rune);

    // All that ASCII has beside letters and digits counts, symbols too; beyond it what Unicode calls punctuation.
    private static bool IsPunctuation(Rune rune) =>
        rune.IsAscii
            ? !Rune.IsLetterOrDigit(rune)
            : Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.ConnectorPunctuation
                    or UnicodeCategory.DashPunctuation
                    or UnicodeCategory.OpenPunctuation
                    or UnicodeCategory.ClosePunctuation
                    or UnicodeCategory.InitialQuotePunctuation
                    or UnicodeCategory.FinalQuotePunctuation
                    or UnicodeCategory.OtherPunctuation;

    private static bool IsChinese(int character) =>
        character
            is (>= 0x4E00 and <= 0x9FFF)
                or (>= 0x3400 and <= 0x4DBF)
                or (>= 0xF900 and <= 0xFAFF)
                or (>= 0x20000 and <= 0x2A6DF)
                or (>= 0x2A700 and <= 0x2B81F)
                or (>= 0x2B820 and <= 0x2CEAF)
                or (>= 0x2F800 and <= 0x2FA1F);
}
