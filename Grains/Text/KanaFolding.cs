namespace OrleansMemory.Grains.Text;

/// <summary>Half-width Katakana as full-width ones, so that both find each other.</summary>
internal static class KanaFolding
{
    private const int FirstHalfWidth = 0xFF66;

    /// <summary>The full-width forms of U+FF66 to U+FF9D, in their order.</summary>
    private const string FullWidth =
        "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";

    /// <summary>Kana whose voiced form is the next code point.</summary>
    private const string Voiceable = "カキクケコサシスセソタチツテトハヒフヘホかきくけこさしすせそたちつてとはひふへほ";

    /// <summary>Kana whose half-voiced form is the one after the voiced.</summary>
    private const string HalfVoiceable = "ハヒフヘホはひふへほ";

    /// <summary>The full-width form of a character.</summary>
    /// <param name="point">Its code point.</param>
    /// <returns>The full-width form; the character itself when it is no half-width Katakana.</returns>
    public static int Fold(int point) =>
        point >= FirstHalfWidth && point < FirstHalfWidth + FullWidth.Length ? FullWidth[point - FirstHalfWidth] : point;

    /// <summary>What a kana and a voicing mark make together.</summary>
    /// <param name="kana">The kana, full-width.</param>
    /// <param name="mark">What follows it.</param>
    /// <returns>The voiced kana; <see langword="null"/> when the two make no single character.</returns>
    public static int? Voiced(int kana, char mark)
    {
        if (kana > char.MaxValue)
        {
            return null;
        }

        return mark switch
        {
            '\u3099' or '\uFF9E' when Voiceable.Contains((char)kana, StringComparison.Ordinal) => kana + 1,
            '\u3099' or '\uFF9E' when kana is 'ウ' => 'ヴ',
            '\u309A' or '\uFF9F' when HalfVoiceable.Contains((char)kana, StringComparison.Ordinal) => kana + 2,
            _ => null,
        };
    }
}
