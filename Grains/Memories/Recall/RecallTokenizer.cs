using System.Text;
using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>
/// Cuts texts of memories and questions: what <see cref="Tokenizer"/> gives, with letters that stand for several ones written out (<see cref="LetterFolding"/>),
/// and with emoji as words.
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
