using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>The words of a question, of which the readers of names and dates take theirs.</summary>
internal sealed class QueryWords
{
    private readonly QueryWord[] _words;
    private readonly bool[] _taken;

    /// <summary>Cuts a question.</summary>
    /// <param name="text">The question.</param>
    /// <param name="maxTokens">How many tokens of it are looked at.</param>
    public QueryWords(string text, int maxTokens)
    {
        List<Token> tokens = Tokenizer.Tokenize(text, maxTokens);
        _words = [.. tokens.Select(token => Read(text, token))];
        _taken = new bool[_words.Length];
    }

    /// <summary>How many there are.</summary>
    public int Count => _words.Length;

    /// <summary>A word.</summary>
    /// <param name="index">Its index; words before the first and after the last are empty.</param>
    /// <returns>The word.</returns>
    public QueryWord this[int index] => index >= 0 && index < _words.Length ? _words[index] : new QueryWord("", "", IsCapital: false, IsPossessive: false);

    /// <summary>Whether a word has been taken.</summary>
    /// <param name="index">Its index.</param>
    /// <returns>Whether it has.</returns>
    public bool IsTaken(int index) => _taken[index];

    /// <summary>Takes words: they are no terms.</summary>
    /// <param name="first">The first.</param>
    /// <param name="count">How many.</param>
    public void Take(int first, int count) => _taken.AsSpan(first, count).Fill(true);

    /// <summary>The terms of the words that nobody took, in their order.</summary>
    /// <returns>The terms; one may come several times.</returns>
    public IEnumerable<string> Terms()
    {
        for (int i = 0; i < _words.Length; i++)
        {
            if (!_taken[i] && _words[i].Term.Length > 0)
            {
                yield return _words[i].Term;
            }
        }
    }

    private static QueryWord Read(string text, Token token)
    {
        int end = token.Start + token.Length;
        bool isPossessive = end < text.Length && Scripts.IsApostrophe(text[end]);
        return new QueryWord(token.Text, RecallTerms.Of(token), char.IsUpper(text[token.Start]), isPossessive);
    }
}
