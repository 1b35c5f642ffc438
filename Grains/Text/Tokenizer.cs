namespace OrleansMemory.Grains.Text;

/// <summary>
/// Cuts any text into tokens. The same text gives the same tokens on every machine: nothing depends on a culture or on ICU.
/// </summary>
/// <remarks>
/// A word is a run of letters, digits and their marks, folded by <see cref="WordFolding"/> and cut after <see cref="MaxWordLength"/> units.
/// An English ending after an apostrophe (<c>'s 't 're 've 'll 'd 'm</c>) is dropped with it; any other apostrophe separates. Scripts that
/// are written without spaces (Chinese, Japanese, Korean, Thai, Lao, Khmer, Myanmar) give overlapping pairs of characters, and the last
/// character of each run by itself, so that every character of a run starts a token. Everything else, unpaired surrogates included,
/// separates.
/// </remarks>
internal static class Tokenizer
{
    /// <summary>The longest word, in UTF-16 units. A longer one is cut, in texts as in queries.</summary>
    public const int MaxWordLength = 64;

    /// <summary>Cuts a text.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="maxTokens">How many tokens at most; what follows them is not looked at.</param>
    /// <returns>The tokens in the order of the text.</returns>
    public static List<Token> Tokenize(string text, int maxTokens)
    {
        var tokens = new List<Token>(Math.Min(maxTokens, (text.Length / 6) + 1));
        for (int at = 0; at < text.Length && tokens.Count < maxTokens;)
        {
            CharacterClass kind = Scripts.Classify(text, at, out int width);
            at = kind switch
            {
                CharacterClass.Word => TakeWord(text, at, tokens),
                CharacterClass.Unspaced => UnspacedRun.Take(text, at, tokens, maxTokens),
                _ => at + width,
            };
        }

        return tokens;
    }

    private static int TakeWord(string text, int start, List<Token> tokens)
    {
        (int end, int next) = (start, start);
        while (next < text.Length)
        {
            CharacterClass kind = Scripts.Classify(text, next, out int width);
            if (kind is not (CharacterClass.Word or CharacterClass.Mark or CharacterClass.Ignorable))
            {
                break;
            }

            next += width;
            end = kind == CharacterClass.Ignorable ? end : next;
        }

        string word = WordFolding.Fold(text.AsSpan(start, end - start), MaxWordLength);
        if (word.Length > 0)
        {
            tokens.Add(new Token(word, TokenKind.Word, start, end - start));
        }

        return next + EnglishEnding(text.AsSpan(next));
    }

    /// <summary>How much of a text is an apostrophe with an English ending.</summary>
    private static int EnglishEnding(ReadOnlySpan<char> rest)
    {
        if (rest.Length < 2 || !Scripts.IsApostrophe(rest[0]))
        {
            return 0;
        }

        int letters = 1;
        while (letters < rest.Length && letters < 4 && char.IsAsciiLetter(rest[letters]))
        {
            letters++;
        }

        bool ends = letters == rest.Length || !Continues(rest[letters..]);
        return ends && IsEnding(rest[1..letters]) ? letters : 0;
    }

    private static bool Continues(ReadOnlySpan<char> rest) =>
        Scripts.Classify(rest, 0, out _) is CharacterClass.Word or CharacterClass.Mark or CharacterClass.Ignorable;

    private static bool IsEnding(ReadOnlySpan<char> letters)
    {
        Span<char> lower = stackalloc char[letters.Length];
        letters.ToLowerInvariant(lower);
        return lower is "s" or "t" or "re" or "ve" or "ll" or "d" or "m";
    }
}
