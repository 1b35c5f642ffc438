using System.Buffers;
using System.Globalization;
using System.Text;
using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Memories.Recall.Indexing;

/// <summary>
/// Cuts texts of memories and questions: what <see cref="Tokenizer"/> gives, with letters that stand for several ones written out
/// (<see cref="LetterFolding"/>), and with emoji as words.
/// </summary>
internal static class RecallTokenizer
{
    /// <summary>Cuts a text.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="maxTokens">How many tokens at most; what follows them is not looked at.</param>
    /// <returns>The tokens in the order of the text.</returns>
    public static List<Token> Tokenize(string text, int maxTokens)
    {
        List<Token> tokens = Tokenizer.Tokenize(text, maxTokens);
        if (Ascii.IsValid(text))
        {
            return tokens;
        }

        for (int i = 0; i < tokens.Count; i++)
        {
            tokens[i] = tokens[i].Kind == TokenKind.Word ? tokens[i] with { Text = LetterFolding.Fold(tokens[i].Text) } : tokens[i];
        }

        return Emoji.MayBeIn(text) ? WithEmoji(text, tokens, maxTokens) : tokens;
    }

    private static List<Token> WithEmoji(string text, List<Token> words, int maxTokens)
    {
        var tokens = new List<Token>(words.Count + 4);
        int word = 0;
        for (int at = 0; at < text.Length; at++)
        {
            int length = Emoji.LengthAt(text, at);
            if (length == 0)
            {
                continue;
            }

            while (word < words.Count && words[word].Start < at)
            {
                tokens.Add(words[word++]);
            }

            if (tokens.Count >= maxTokens)
            {
                break;
            }

            tokens.Add(new Token(text.Substring(at, length), TokenKind.Emoji, at, length));
            at += length - 1;
        }

        tokens.AddRange(words[word..]);
        return tokens.Count > maxTokens ? tokens[..maxTokens] : tokens;
    }
}

/// <summary>
/// Tells emoji apart from other symbols. Those that change the one before them (skin tones, joiners, selectors) are not words of their own.
/// </summary>
internal static class Emoji
{
    private const int FirstRegional = 0x1F1E6;
    private const int LastRegional = 0x1F1FF;

    /// <summary>Whether a text may have emoji; a quick look.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Whether it may.</returns>
    public static bool MayBeIn(ReadOnlySpan<char> text) =>
        text.IndexOfAnyInRange('\u2300', '\u2BFF') >= 0 || text.IndexOfAnyInRange('\uD83C', '\uD83E') >= 0;

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

        bool isFlag =
            IsRegional(rune)
            && Rune.DecodeFromUtf16(text[(at + width)..], out Rune next, out int more) == OperationStatus.Done
            && IsRegional(next)
            && more == width;
        return isFlag ? 2 * width : width;
    }

    private static bool Is(Rune rune) =>
        rune.Value is (>= 0x2300 and <= 0x27BF) or (>= 0x2B00 and <= 0x2BFF) or (>= 0x1F000 and <= 0x1FAFF)
        && Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherSymbol;

    private static bool IsRegional(Rune rune) => rune.Value is >= FirstRegional and <= LastRegional;
}
