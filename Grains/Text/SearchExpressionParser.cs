using System.Collections.Immutable;
using OrleansMemory.Errors;

namespace OrleansMemory.Grains.Text;

/// <summary>
/// Reads what a person types: words must all be there, <c>"words in quotes"</c> must follow each other, <c>-word</c> and <c>-"a phrase"</c>
/// must not be there, and <c>OR</c> in capitals stands between alternatives. Nothing else has a meaning.
/// </summary>
/// <remarks>
/// What the tokenizer cuts into several tokens without a space between them (<c>well-known</c>, a CJK word) is a phrase. English stop words
/// outside quotes are ignored where the alternative has other words. OR binds less than words side by side: <c>a b OR c -d</c> finds what
/// has a and b, or has c and not d. In a phrase a space between two CJK characters may be missing in the text.
/// </remarks>
internal static class SearchExpressionParser
{
    /// <summary>The longest query, in UTF-16 units.</summary>
    public const int MaxLength = 1_000;

    /// <summary>The most terms of a query, a CJK word counting one for each pair of its characters.</summary>
    public const int MaxTerms = 64;

    /// <summary>Parses a query.</summary>
    /// <param name="parameter">Which part of the request it is.</param>
    /// <returns>What to look for.</returns>
    /// <exception cref="InvalidRequestException">
    /// It is missing, too long, has too many terms, or names nothing that must be there.
    /// </exception>
    public static SearchExpression Parse(string? text, string parameter)
    {
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength)
        {
            throw new InvalidRequestException(
                parameter,
                FormattableString.Invariant($"{parameter} must be 1 to {MaxLength} characters of text.")
            );
        }

        var alternatives = ImmutableArray.CreateBuilder<SearchAlternative>();
        var open = new OpenAlternative();
        int terms = 0;
        foreach (QueryPart part in QueryScanner.Scan(text))
        {
            if (part.Kind == QueryPartKind.Or)
            {
                open.CloseInto(alternatives, parameter);
                open = new OpenAlternative();
                continue;
            }

            List<Token> tokens = Tokenizer.Tokenize(part.Text, MaxTerms + 1);
            if (tokens.Count == 0)
            {
                continue;
            }

            SearchPhrase phrase = ToPhrase(tokens);
            terms += phrase.Terms.Length;
            if (terms > MaxTerms || tokens.Count > MaxTerms)
            {
                throw new InvalidRequestException(
                    parameter,
                    FormattableString.Invariant($"{parameter} has too many words. At most {MaxTerms} are allowed.")
                );
            }

            open.Add(part, phrase, tokens);
        }

        open.CloseInto(alternatives, parameter);
        return alternatives.Count > 0
            ? new SearchExpression(alternatives.ToImmutable())
            : throw new InvalidRequestException(parameter, $"{parameter} has no word to look for. It must have a letter or a digit.");
    }

    private static SearchPhrase ToPhrase(List<Token> tokens)
    {
        var terms = ImmutableArray.CreateBuilder<QueryTerm>(tokens.Count);
        for (int i = 0; i < tokens.Count; i++)
        {
            bool endsPair = tokens[i].Kind == TokenKind.Character && i > 0 && tokens[i - 1].Kind == TokenKind.Pair;
            if (!endsPair)
            {
                terms.Add(
                    new QueryTerm(Lexemes.Of(tokens[i]), tokens[i].Kind == TokenKind.Character ? TermMatch.Prefix : TermMatch.Whole, i)
                );
            }
        }

        return new SearchPhrase(terms.ToImmutable());
    }

    /// <summary>An alternative that is being read.</summary>
    private sealed class OpenAlternative
    {
        private readonly List<(SearchPhrase Phrase, bool IsStopWord)> _wanted = [];
        private readonly List<SearchPhrase> _excluded = [];

        public void Add(QueryPart part, SearchPhrase phrase, List<Token> tokens)
        {
            if (part.Kind is QueryPartKind.ExcludedWord or QueryPartKind.ExcludedPhrase)
            {
                _excluded.Add(phrase);
                return;
            }

            bool isStopWord = part.Kind == QueryPartKind.Word && tokens is [{ Kind: TokenKind.Word }] && StopWords.Contains(tokens[0].Text);
            _wanted.Add((phrase, isStopWord));
        }

        public void CloseInto(ImmutableArray<SearchAlternative>.Builder alternatives, string parameter)
        {
            if (_wanted.Count == 0)
            {
                if (_excluded.Count > 0)
                {
                    throw new InvalidRequestException(
                        parameter,
                        $"{parameter} only says what must not be there. Each alternative must have a word without '-' before it."
                    );
                }

                return;
            }

            bool onlyStopWords = _wanted.TrueForAll(wanted => wanted.IsStopWord);
            alternatives.Add(
                new SearchAlternative(
                    [.. _wanted.Where(wanted => onlyStopWords || !wanted.IsStopWord).Select(wanted => wanted.Phrase)],
                    [.. _excluded]
                )
            );
        }
    }
}
