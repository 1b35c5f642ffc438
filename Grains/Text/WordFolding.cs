using System.Globalization;
using System.Text;

namespace OrleansMemory.Grains.Text;

/// <summary>
/// The form in which words are compared: lower case, full-width letters as plain ones, Latin and Greek letters without their accents (also
/// where the accent is a character of its own), Hebrew and Arabic without vowel points. A part of what NFKC and case folding do, written
/// out, because those are not at hand where globalization is invariant and differ between versions of ICU where it is not.
/// </summary>
internal static class WordFolding
{
    private const int FirstLatin = 0xC0;
    private const int FirstLatinAdditional = 0x1E00;

    /// <summary>U+00C0 to U+017F without case and accents.</summary>
    private const string Latin =
        "aaaaaaæceeeeiiiiðnooooo×ouuuuyþßaaaaaaæceeeeiiiiðnooooo÷ouuuuyþy"
        + "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiĳĳjjkkĸlllllll"
        + "lllnnnnnnnŋŋooooooœœrrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

    /// <summary>U+1E00 to U+1EFF without case and accents.</summary>
    private const string LatinAdditional =
        "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
        + "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
        + "wwwwwwwwwwxxxxyyzzzzzzhtwyẚsẜẝßẟaaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
        + "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyyỻỻỽỽỿỿ";

    /// <summary>Folds one word.</summary>
    /// <param name="word">Letters, digits and their marks.</param>
    /// <param name="maxLength">The most UTF-16 units of the result; what is beyond them is cut off.</param>
    /// <returns>The folded word; empty when it has nothing but marks that are dropped.</returns>
    public static string Fold(ReadOnlySpan<char> word, int maxLength)
    {
        Span<char> folded = stackalloc char[maxLength];
        int length = 0;
        foreach (Rune rune in word.EnumerateRunes())
        {
            int point = rune.Value < 0x80 ? rune.Value : FoldPoint(rune);
            if (point == 0)
            {
                continue;
            }

            int width = point > char.MaxValue ? 2 : 1;
            if (length + width > maxLength)
            {
                break;
            }

            if (width == 1)
            {
                folded[length++] = point < 0x80 ? char.ToLowerInvariant((char)point) : (char)point;
            }
            else
            {
                length += new Rune(point).EncodeToUtf16(folded[length..]);
            }
        }

        return new string(folded[..length]);
    }

    private static int FoldPoint(Rune rune)
    {
        int point = rune.Value;
        return point switch
        {
            >= FirstLatin and < FirstLatin + 0xC0 => Latin[point - FirstLatin],
            >= FirstLatinAdditional and < FirstLatinAdditional + 0x100 => LatinAdditional[point - FirstLatinAdditional],
            >= 0xFF10 and <= 0xFF5A => point - 0xFEE0, // full-width digits and letters
            _ => IsDropped(point) ? 0 : FoldGreek(Rune.ToLowerInvariant(rune).Value),
        };
    }

    private static int FoldGreek(int point) =>
        point switch
        {
            'ά' => 'α',
            'έ' => 'ε',
            'ή' => 'η',
            'ί' or 'ϊ' or 'ΐ' => 'ι',
            'ό' => 'ο',
            'ύ' or 'ϋ' or 'ΰ' => 'υ',
            'ώ' => 'ω',
            'ς' => 'σ',
            'ё' => 'е', // Cyrillic
            _ => point,
        };

    /// <summary>Whether a character is invisible, an accent or a vowel point.</summary>
    private static bool IsDropped(int point) =>
        CharUnicodeInfo.GetUnicodeCategory(point) switch
        {
            UnicodeCategory.Format => true,
            UnicodeCategory.NonSpacingMark => point
                is (>= 0x0300 and <= 0x036F)
                    or (>= 0x0591 and <= 0x05C7)
                    or (>= 0x0610 and <= 0x061A)
                    or (>= 0x064B and <= 0x065F)
                    or 0x0670
                    or (>= 0x06D6 and <= 0x06ED)
                    or (>= 0xFE00 and <= 0xFE0F)
                    or (>= 0xE0100 and <= 0xE01EF),
            UnicodeCategory.ModifierLetter => point is 0x0640, // Arabic tatweel
            _ => false,
        };
}
