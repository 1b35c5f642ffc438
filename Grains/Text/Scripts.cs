using System.Globalization;
using System.Text;

namespace OrleansMemory.Grains.Text;

/// <summary>What a character does in a text.</summary>
internal enum CharacterClass
{
    /// <summary>It stands between words.</summary>
    Separator,

    /// <summary>A letter or digit of a script that puts spaces between words.</summary>
    Word,

    /// <summary>A letter of a script that does not.</summary>
    Unspaced,

    /// <summary>It belongs to the letter before it.</summary>
    Mark,

    /// <summary>It is invisible and does not end a word, such as a soft hyphen.</summary>
    Ignorable,
}

/// <summary>Tells characters apart by their Unicode category and block.</summary>
internal static class Scripts
{
    /// <summary>Looks at one character.</summary>
    /// <param name="at">Where it starts.</param>
    /// <param name="width">How many UTF-16 units it has.</param>
    public static CharacterClass Classify(ReadOnlySpan<char> text, int at, out int width)
    {
        char first = text[at];
        width = 1;
        if (first < 0x80)
        {
            return char.IsAsciiLetterOrDigit(first) ? CharacterClass.Word : CharacterClass.Separator;
        }

        if (IsApostrophe(first))
        {
            return CharacterClass.Separator;
        }

        int point = first;
        if (char.IsSurrogate(first))
        {
            if (Rune.DecodeFromUtf16(text[at..], out Rune rune, out width) != System.Buffers.OperationStatus.Done)
            {
                width = 1;
                return CharacterClass.Separator;
            }

            point = rune.Value;
        }

        return CharUnicodeInfo.GetUnicodeCategory(point) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter => CharacterClass.Word,
            UnicodeCategory.ModifierLetter
            or UnicodeCategory.OtherLetter
            or UnicodeCategory.DecimalDigitNumber
            or UnicodeCategory.LetterNumber
            or UnicodeCategory.OtherNumber => IsUnspaced(point) ? CharacterClass.Unspaced : CharacterClass.Word,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => CharacterClass.Mark,
            UnicodeCategory.Format => CharacterClass.Ignorable,
            _ => CharacterClass.Separator,
        };
    }

    /// <summary>Whether a character is an apostrophe, typographic ones included.</summary>
    public static bool IsApostrophe(char character) => character is '\'' or '\u2018' or '\u2019' or '\u02BC' or '\uFF07';

    private static bool IsUnspaced(int point) =>
        point switch
        {
            < 0x0E00 => false,
            <= 0x0EFF => true, // Thai, Lao
            >= 0x1000 and <= 0x109F => true, // Myanmar
            >= 0x1100 and <= 0x11FF => true, // Hangul letters
            >= 0x1780 and <= 0x17FF => true, // Khmer
            >= 0x3005 and <= 0x3007 => true, // Han iteration mark, closing mark, zero
            >= 0x3021 and <= 0x318F => true, // Hangzhou numerals, Hiragana, Katakana, Bopomofo, Hangul letters
            >= 0x31A0 and <= 0x31BF => true, // Bopomofo
            >= 0x31F0 and <= 0x31FF => true, // Katakana
            >= 0x3400 and <= 0x4DBF => true, // Han
            >= 0x4E00 and <= 0x9FFF => true, // Han
            >= 0xA960 and <= 0xA97F => true, // Hangul letters
            >= 0xAC00 and <= 0xD7FF => true, // Hangul syllables and letters
            >= 0xF900 and <= 0xFAFF => true, // Han, compatibility
            >= 0xFF66 and <= 0xFFDC => true, // half-width Katakana and Hangul
            >= 0x20000 and <= 0x3FFFF => true, // Han
            _ => false,
        };
}
