using System.Runtime.InteropServices;

namespace OrleansMemory.Grains.Memories.Recall.Indexing;

/// <summary>
/// The terms of an index, each with the memories that have it. A term that no memory has any more is forgotten and its number used again.
/// </summary>
internal sealed class TermTable
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _terms = [];
    private readonly List<PostingList> _postings = [];
    private readonly Stack<int> _free = new();
    private readonly TermFamilies _families = new();
    private long _bytes;

    /// <summary>About how many bytes it holds.</summary>
    public long EstimatedBytes => _bytes + _families.EstimatedBytes;

    /// <summary>Finds a term.</summary>
    /// <param name="term">The term.</param>
    /// <returns>Its number; -1 when no memory has it.</returns>
    public int Find(string term) => _numbers.GetValueOrDefault(term, -1);

    /// <summary>Finds the terms of a term's family; see <see cref="TermFamilies"/>.</summary>
    /// <param name="term">The term.</param>
    /// <returns>Their numbers without its own, in no order.</returns>
    public IEnumerable<int> FamilyOf(string term) => _families.Of(term, number => _terms[number]);

    /// <summary>Finds the terms that start with a character. It looks at all terms.</summary>
    /// <param name="character">The character.</param>
    /// <returns>Their numbers, in no order.</returns>
    public IReadOnlyList<int> StartingWith(string character) =>
        [.. Enumerable.Range(0, _terms.Count).Where(number => _terms[number].StartsWith(character, StringComparison.Ordinal))];

    /// <summary>The number of a term, which it gets when it is new.</summary>
    /// <param name="term">The term.</param>
    /// <returns>Its number.</returns>
    public int NumberOf(string term)
    {
        ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, term, out bool exists);
        if (exists)
        {
            return number;
        }

        _bytes += TermBytes(term);
        if (_free.TryPop(out int used))
        {
            _terms[used] = term;
            number = used;
        }
        else
        {
            _terms.Add(term);
            _postings.Add(new PostingList());
            number = _terms.Count - 1;
        }

        _families.Add(term, number);
        return number;
    }

    /// <summary>A term by its number.</summary>
    /// <param name="number">The number.</param>
    /// <returns>The term.</returns>
    public string this[int number] => _terms[number];

    /// <summary>Which memories have a term.</summary>
    /// <param name="number">Its number.</param>
    /// <returns>Its postings, by slot.</returns>
    public ReadOnlySpan<Posting> PostingsOf(int number) => _postings[number].Postings;

    /// <summary>Counts a term of a memory.</summary>
    /// <param name="number">The term.</param>
    /// <param name="slot">The memory.</param>
    /// <param name="weight">What the occurrence counts.</param>
    public void Add(int number, int slot, float weight)
    {
        PostingList postings = _postings[number];
        _bytes -= postings.EstimatedBytes;
        postings.Add(slot, weight);
        _bytes += postings.EstimatedBytes;
    }

    /// <summary>Takes a memory from a term.</summary>
    /// <param name="number">The term; no longer valid when this was its last memory.</param>
    /// <param name="slot">The memory; it may have been taken before.</param>
    public void Remove(int number, int slot)
    {
        PostingList postings = _postings[number];
        _bytes -= postings.EstimatedBytes;
        if (postings.Remove(slot) && postings.Postings.IsEmpty)
        {
            _bytes -= TermBytes(_terms[number]);
            _numbers.Remove(_terms[number]);
            _families.Remove(_terms[number], number);
            _terms[number] = "";
            _free.Push(number);
        }

        _bytes += postings.EstimatedBytes;
    }

    /// <summary>The string, its place in the dictionary and the lists, that in its family, and the list object.</summary>
    private static long TermBytes(string term) => 22 + (2 * term.Length) + 36 + 16 + 4 + 32;
}
