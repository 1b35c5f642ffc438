namespace OrleansMemory.Grains.Memories.Recall.Indexing;

/// <summary>
/// Which terms may be of one family, such as "photograph" and "photographi" (of photography): English terms that begin with the same
/// letters and differ in their ends. Terms are chained by their first letters.
/// </summary>
internal sealed class TermFamilies
{
    private const int Shared = 5;
    private const int MaxUnlike = 1;
    private const int MaxLonger = 4;
    private const int Letters = 26;

    private readonly Dictionary<int, int> _first = [];
    private readonly List<int> _next = [];

    /// <summary>About how many bytes it holds, but for 4 of each term.</summary>
    public long EstimatedBytes => 28L * _first.Count;

    /// <summary>Adds a term.</summary>
    /// <param name="term">The term.</param>
    /// <param name="number">Its number, at most one more than the highest before.</param>
    public void Add(string term, int number)
    {
        if (number == _next.Count)
        {
            _next.Add(-1);
        }

        if (KeyOf(term) is { } key)
        {
            _next[number] = _first.GetValueOrDefault(key, -1);
            _first[key] = number;
        }
    }

    /// <summary>Takes a term out.</summary>
    /// <param name="term">The term.</param>
    /// <param name="number">Its number.</param>
    public void Remove(string term, int number)
    {
        if (KeyOf(term) is not { } key)
        {
            return;
        }

        int at = _first[key];
        if (at != number)
        {
            while (_next[at] != number)
            {
                at = _next[at];
            }

            _next[at] = _next[number];
        }
        else if (_next[number] >= 0)
        {
            _first[key] = _next[number];
        }
        else
        {
            _first.Remove(key);
        }
    }

    /// <summary>The terms of a term's family.</summary>
    /// <param name="term">The term.</param>
    /// <param name="textOf">The term of a number.</param>
    /// <returns>Their numbers without its own, in no order.</returns>
    public IEnumerable<int> Of(string term, Func<int, string> textOf)
    {
        for (int number = KeyOf(term) is { } key ? _first.GetValueOrDefault(key, -1) : -1; number >= 0; number = _next[number])
        {
            if (AreAlike(term, textOf(number)))
            {
                yield return number;
            }
        }
    }

    private static bool AreAlike(string term, string other) =>
        term != other
        && Math.Abs(term.Length - other.Length) <= MaxLonger
        && term.AsSpan().CommonPrefixLength(other) >= Math.Min(term.Length, other.Length) - MaxUnlike;

    private static int? KeyOf(string term)
    {
        if (term.Length < Shared || term.AsSpan().ContainsAnyExceptInRange('a', 'z'))
        {
            return null;
        }

        int key = 0;
        foreach (char letter in term.AsSpan(0, Shared))
        {
            key = (key * Letters) + (letter - 'a');
        }

        return key;
    }
}
