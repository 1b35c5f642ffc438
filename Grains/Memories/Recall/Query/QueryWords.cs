using OrleansMemory.Grains.Memories.Recall.Indexing;
using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Memories.Recall.Query;

/// <summary>The words of a question, of which the readers of names and dates take theirs.</summary>
internal sealed class QueryWords
{
    private readonly QueryWord[] _words;
    private readonly bool[] _taken;

    /// <summary>Cuts a question.</summary>
    /// <param name="text">The question.</param>
    /// <param name="maxTokens">How many tokens of it are looked at.</param>
    /// <param name="languages">The languages of the memories that are asked.</param>
    public QueryWords(string text, int maxTokens, IReadOnlyList<TextLanguage> languages)
    {
        List<Token> tokens = RecallTokenizer.Tokenize(text, maxTokens);
        TextLanguage language = FunctionWords.LanguageOf(tokens);
        _words = new QueryWord[tokens.Count];
        for (int i = 0; i < _words.Length; i++)
        {
            _words[i] = Read(text, tokens[i], EndsPair(tokens, i) ? null : TermOf(tokens[i], language, languages));
        }

        _taken = new bool[_words.Length];
    }

    /// <summary>How many there are.</summary>
    public int Count => _words.Length;

    /// <summary>A word.</summary>
    /// <param name="index">Its index; words before the first and after the last are empty.</param>
    /// <returns>The word.</returns>
    public QueryWord this[int index] =>
        index >= 0 && index < _words.Length ? _words[index] : new QueryWord("", null, IsCapital: false, IsPossessive: false);

    /// <summary>Whether a word has been taken.</summary>
    /// <param name="index">Its index.</param>
    /// <returns>Whether it has.</returns>
    public bool IsTaken(int index) => _taken[index];

    /// <summary>Takes words: they are no terms.</summary>
    /// <param name="first">The first.</param>
    /// <param name="count">How many.</param>
    public void Take(int first, int count) => _taken.AsSpan(first, count).Fill(true);

    /// <summary>The terms of the words that are left, each once, in their order.</summary>
    /// <returns>The terms.</returns>
    public IReadOnlyList<QueryTerm> Terms()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return
        [
            .. Enumerable
                .Range(0, _words.Length)
                .Where(i => !_taken[i])
                .Select(i => _words[i].Term)
                .OfType<QueryTerm>()
                .Where(term => seen.Add(term.Text)),
        ];
    }

    private static QueryWord Read(string text, Token token, QueryTerm? term)
    {
        int end = token.Start + token.Length;
        bool isPossessive = end < text.Length && Scripts.IsApostrophe(text[end]);
        return new QueryWord(token.Text, term, char.IsUpper(text[token.Start]), isPossessive);
    }

    /// <summary>The last character of a run is in the pair before it already.</summary>
    private static bool EndsPair(List<Token> tokens, int index) =>
        tokens[index].Kind == TokenKind.Character
        && index > 0
        && tokens[index - 1].Kind == TokenKind.Pair
        && tokens[index - 1].Start + tokens[index - 1].Length == tokens[index].Start + tokens[index].Length;

    private static QueryTerm? TermOf(Token token, TextLanguage language, IReadOnlyList<TextLanguage> languages)
    {
        string term = RecallTerms.Of(token, language);
        if (term.Length == 0)
        {
            return null;
        }

        // A word of a question may be too few to tell its language by.
        string[] others =
            token.Kind != TokenKind.Word || languages is [] || (languages.Count == 1 && languages[0] == language)
                ? []
                :
                [
                    .. languages
                        .Where(other => other != language)
                        .Select(other => RecallTerms.Of(token, other))
                        .Where(other => other.Length > 0 && other != term)
                        .Distinct(StringComparer.Ordinal),
                ];
        return new QueryTerm(term, others, token.Kind == TokenKind.Character);
    }
}

/// <summary>A word of a question.</summary>
/// <param name="Text">Its folded form.</param>
/// <param name="Term">What memories have of it; <see langword="null"/> when it is a stop word.</param>
/// <param name="IsCapital">Whether it is written with a capital letter.</param>
/// <param name="IsPossessive">Whether an apostrophe follows it, as in "Ann's".</param>
internal readonly record struct QueryWord(string Text, QueryTerm? Term, bool IsCapital, bool IsPossessive);

/// <summary>A word of a question as memories may have it.</summary>
/// <param name="Text">Its term in the language of the question.</param>
/// <param name="Others">Its terms in other languages of memories.</param>
/// <param name="IsPrefix">Whether terms that start with it are meant: one character of a script without spaces.</param>
internal sealed record QueryTerm(string Text, IReadOnlyList<string> Others, bool IsPrefix = false);
