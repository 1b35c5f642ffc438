using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Text;

/// <summary>Cuts a short piece of a message's text around what was found in it.</summary>
internal static class Excerpt
{
    private const int Lead = 60;

    /// <summary>Makes the excerpt of a message.</summary>
    /// <param name="expression">What was looked for.</param>
    /// <returns>A piece of the first text that has a wanted phrase; of the first text, without matches, when none has.</returns>
    public static MessageExcerpt Of(IReadOnlyList<string> texts, SearchExpression expression)
    {
        foreach (string text in texts)
        {
            List<TextRange> found = FindAll(text, expression);
            if (found.Count > 0)
            {
                return Cut(text, found);
            }
        }

        return Cut(texts.Count > 0 ? texts[0] : "", []);
    }

    private static List<TextRange> FindAll(string text, SearchExpression expression)
    {
        List<Token> tokens = Tokenizer.Tokenize(text, TermVector.MaxTokens);
        string[] lexemes = [.. tokens.Select(Lexemes.Of)];
        var found = new List<TextRange>();
        foreach (SearchPhrase phrase in expression.Alternatives.SelectMany(alternative => alternative.Wanted))
        {
            for (int i = 0; i < lexemes.Length; i++)
            {
                if (IsAt(phrase, lexemes, i))
                {
                    found.AddRange(phrase.Terms.Select(term => RangeOf(tokens[i + term.Offset], term)));
                }
            }
        }

        return Merge(found);
    }

    private static bool IsAt(SearchPhrase phrase, string[] lexemes, int start)
    {
        foreach (QueryTerm term in phrase.Terms)
        {
            int at = start + term.Offset;
            if (at >= lexemes.Length || !term.Fits(lexemes[at]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Of a pair that was found by its first character only that character.</summary>
    private static TextRange RangeOf(Token token, QueryTerm term) =>
        new()
        {
            Start = token.Start,
            Length =
                term.Match == TermMatch.Prefix && token.Kind == TokenKind.Pair ? Math.Min(token.Length, term.Lexeme.Length) : token.Length,
        };

    private static List<TextRange> Merge(List<TextRange> ranges)
    {
        ranges.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        var merged = new List<TextRange>(ranges.Count);
        foreach (TextRange range in ranges)
        {
            if (merged.Count > 0 && range.Start <= merged[^1].Start + merged[^1].Length)
            {
                int end = Math.Max(merged[^1].Start + merged[^1].Length, range.Start + range.Length);
                merged[^1] = merged[^1] with { Length = end - merged[^1].Start };
            }
            else
            {
                merged.Add(range);
            }
        }

        return merged;
    }

    private static MessageExcerpt Cut(string text, List<TextRange> found)
    {
        int start = found.Count == 0 ? 0 : Math.Max(0, Math.Min(found[0].Start - Lead, text.Length - MessageExcerpt.MaxLength));
        int end = Math.Min(text.Length, start + MessageExcerpt.MaxLength);
        start += Splits(text, start) ? 1 : 0;
        end -= Splits(text, end) ? 1 : 0;
        return new MessageExcerpt { Text = Plain(text.AsSpan(start, end - start)), Matches = [.. Within(found, start, end)] };
    }

    private static IEnumerable<TextRange> Within(List<TextRange> ranges, int start, int end) =>
        ranges
            .Select(range => (From: Math.Max(range.Start, start), To: Math.Min(range.Start + range.Length, end)))
            .Where(range => range.From < range.To)
            .Select(range => new TextRange { Start = range.From - start, Length = range.To - range.From });

    private static bool Splits(string text, int at) => at > 0 && at < text.Length && char.IsSurrogatePair(text[at - 1], text[at]);

    /// <summary>One line of valid Unicode, unit for unit: control characters become spaces, surrogates without a partner U+FFFD.</summary>
    private static string Plain(ReadOnlySpan<char> piece)
    {
        char[] plain = piece.ToArray();
        for (int i = 0; i < plain.Length; i++)
        {
            if (char.IsControl(plain[i]))
            {
                plain[i] = ' ';
            }
            else if (i + 1 < plain.Length && char.IsSurrogatePair(plain[i], plain[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(plain[i]))
            {
                plain[i] = '\uFFFD';
            }
        }

        return new string(plain);
    }
}
