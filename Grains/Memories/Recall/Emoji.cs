using System.Buffers;
using System.Globalization;
using System.Text;

namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>Tells emoji apart from other symbols. Those that change the one before them (skin tones, joiners, selectors) are not words of their own.</summary>
internal static class Emoji
{
    private const int FirstRegional = 0x1F1E6;
    private const int LastRegional = 0x1F1FF;

    /// <summary>Whether a text may have emoji; a quick look.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Whether it may.</returns>
    public static bool MayBeIn(ReadOnlySpan<char> text) => text.IndexOfAnyInRange('\u2300', '\u2BFF') >= 0 || text.IndexOfAnyInRange('\uD83C', '\uD83E') >= 0;

    /// <summary>The emoji that starts at a place.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The place.</param>
    /// <returns>How many UTF-16 units it has: a flag is made of two letters. 0 when none starts there.</returns>
    public static int LengthAt(ReadOnlySpan<char> text, int at)
    {
        if (Rune.DecodeFromUtf16(text[at..], out Rune rune, out int width) != OperationStatus.Done || !Is(rune))
        {
            return 0;
        }

        bool isFlag = IsRegional(rune) && Rune.DecodeFromUtf16(text[(at + width)..], out Rune next, out int more) == OperationStatus.Done
            && IsRegional(next) && more == width;
        return isFlag ? 2 * width : width;
    }

    private static bool Is(Rune rune) => rune.Value is (>= 0x2300 and <= 0x27BF) or (>= 0x2B00 and <= 0x2BFF) or (>= 0x1F000 and <= 0x1FAFF)
        && Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherSymbol;

    private static bool IsRegional(Rune rune) => rune.Value is >= FirstRegional and <= LastRegional;
}
