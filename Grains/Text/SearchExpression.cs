using System.Collections.Immutable;

namespace OrleansMemory.Grains.Text;

/// <summary>
/// A parsed search: a message is found when it fits one of the alternatives. See <see cref="SearchExpressionParser"/> for the grammar.
/// </summary>
/// <param name="Alternatives">The alternatives, at least one.</param>
internal sealed record SearchExpression(ImmutableArray<SearchAlternative> Alternatives)
{
    /// <summary>Whether a message fits.</summary>
    /// <param name="vector">What is indexed of it.</param>
    public bool Matches(TermVector vector) => Alternatives.Any(alternative => alternative.Matches(vector));
}

/// <summary>What must all be there, and what must not.</summary>
/// <param name="Wanted">Phrases that must be there, at least one.</param>
/// <param name="Excluded">Phrases that must not.</param>
internal sealed record SearchAlternative(ImmutableArray<SearchPhrase> Wanted, ImmutableArray<SearchPhrase> Excluded)
{
    /// <summary>Whether a message fits.</summary>
    /// <param name="vector">What is indexed of it.</param>
    public bool Matches(TermVector vector) =>
        Wanted.All(phrase => phrase.Matches(vector)) && !Excluded.Any(phrase => phrase.Matches(vector));
}

/// <summary>Terms at fixed distances; one term is the shortest phrase.</summary>
/// <param name="Terms">The terms in their order, at least one; the first one's offset is 0.</param>
internal sealed record SearchPhrase(ImmutableArray<QueryTerm> Terms)
{
    /// <summary>Whether a message has the phrase.</summary>
    /// <param name="vector">What is indexed of it.</param>
    public bool Matches(TermVector vector)
    {
        if (Terms.Length == 1)
        {
            return vector.Contains(Terms[0]);
        }

        IEnumerable<int> starts = vector.Find(Terms[0]);
        foreach (QueryTerm term in Terms.AsSpan()[1..])
        {
            IReadOnlySet<int> positions = vector.Find(term);
            starts = [.. starts.Where(start => positions.Contains(start + term.Offset))];
        }

        return starts.Any();
    }
}

/// <summary>One lexeme that is looked for.</summary>
/// <param name="Match">How it is compared.</param>
/// <param name="Offset">How many positions it stands behind the first term of its phrase.</param>
internal readonly record struct QueryTerm(string Lexeme, TermMatch Match, int Offset)
{
    /// <summary>Whether a lexeme of a text is the one looked for.</summary>
    public bool Fits(string lexeme) =>
        Match == TermMatch.Whole
            ? string.Equals(lexeme, Lexeme, StringComparison.Ordinal)
            : lexeme.StartsWith(Lexeme, StringComparison.Ordinal);
}

/// <summary>How a lexeme of a query is compared with those of a text.</summary>
internal enum TermMatch
{
    /// <summary>Both are equal.</summary>
    Whole,

    /// <summary>
    /// That of the text starts with it: a single character of a script without spaces is found in every pair that it starts.
    /// </summary>
    Prefix,
}
