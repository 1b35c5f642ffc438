using System.Text;

namespace OrleansMemory.Grains.Text;

/// <summary>
/// The lexemes of a message with their positions: what is indexed of it, within the limits of PostgreSQL's <c>tsvector</c>.
/// </summary>
/// <remarks>
/// The limits are applied here, so that every store finds the same: the first <see cref="MaxTokens"/> tokens count; a lexeme keeps its
/// first <see cref="MaxPositions"/> positions; tokens after <see cref="LastPosition"/> are found as single words, not in phrases; nothing
/// more is taken once <see cref="MaxBytes"/> are used up.
/// </remarks>
internal sealed class TermVector
{
    /// <summary>The most tokens of a message that are looked at.</summary>
    public const int MaxTokens = 250_000;

    /// <summary>The most positions of one lexeme.</summary>
    public const int MaxPositions = 255;

    /// <summary>The last position that is kept exactly.</summary>
    public const int LastPosition = 16_000;

    /// <summary>The position of all that comes later: too far from the others to be part of a phrase.</summary>
    public const int OverflowPosition = 16_383;

    /// <summary>The most bytes of lexemes and positions. PostgreSQL's own limit is 1 MiB.</summary>
    public const int MaxBytes = 1_000_000;

    private readonly SortedDictionary<string, List<int>> _positions = new(StringComparer.Ordinal);
    private int _bytes;

    /// <summary>Whether there is nothing to find.</summary>
    public bool IsEmpty => _positions.Count == 0;

    /// <summary>The lexemes in ordinal order, each with its positions, ascending.</summary>
    public IReadOnlyDictionary<string, List<int>> Positions => _positions;

    /// <summary>Analyses the texts of a message. A phrase never reaches from one text into the next.</summary>
    /// <param name="texts">The texts, in order.</param>
    /// <returns>Their lexemes.</returns>
    public static TermVector Of(IEnumerable<string> texts)
    {
        var vector = new TermVector();
        int first = 1;
        int left = MaxTokens;
        foreach (string text in texts)
        {
            List<Token> tokens = Tokenizer.Tokenize(text, left);
            for (int i = 0; i < tokens.Count; i++)
            {
                int position = first + i;
                if (!vector.TryAdd(Lexemes.Of(tokens[i]), position <= LastPosition ? position : OverflowPosition))
                {
                    return vector;
                }
            }

            left -= tokens.Count;
            first += tokens.Count + 1;
        }

        return vector;
    }

    /// <summary>Whether a lexeme is there.</summary>
    /// <param name="term">The lexeme, or how it starts.</param>
    public bool Contains(QueryTerm term) =>
        term.Match == TermMatch.Whole
            ? _positions.ContainsKey(term.Lexeme)
            : _positions.Keys.Any(lexeme => lexeme.StartsWith(term.Lexeme, StringComparison.Ordinal));

    /// <summary>Where a term stands.</summary>
    /// <param name="term">The lexeme, or how it starts.</param>
    /// <returns>Its positions.</returns>
    public IReadOnlySet<int> Find(QueryTerm term) =>
        term.Match == TermMatch.Whole
            ? _positions.TryGetValue(term.Lexeme, out List<int>? positions)
                ? positions.ToHashSet()
                : []
            : _positions
                .Where(pair => pair.Key.StartsWith(term.Lexeme, StringComparison.Ordinal))
                .SelectMany(pair => pair.Value)
                .ToHashSet();

    private bool TryAdd(string lexeme, int position)
    {
        const int PositionBytes = 2;
        if (!_positions.TryGetValue(lexeme, out List<int>? positions))
        {
            // The bytes of the lexeme, its count of positions and what aligns them, and the first position.
            _bytes += Encoding.UTF8.GetByteCount(lexeme) + (3 * PositionBytes);
            if (_bytes > MaxBytes)
            {
                return false;
            }

            _positions.Add(lexeme, [position]);
            return true;
        }

        if (positions.Count < MaxPositions && positions[^1] != position)
        {
            positions.Add(position);
            _bytes += PositionBytes;
        }

        return _bytes <= MaxBytes;
    }
}
