namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>
/// How often each memory has one term, its neighbours' occurrences counted by their weight. Only a memory's own terms are stored; what they are to their
/// neighbours is found here, so that a change of one memory changes nothing else.
/// </summary>
/// <param name="weights">What the words of neighbours count.</param>
internal sealed class TermSpread(ContextWeights weights)
{
    private double[] _frequencies = [];
    private int[] _slots = [];
    private int _count;

    /// <summary>The memories that have the term, themselves or beside them.</summary>
    public ReadOnlySpan<int> Slots => _slots.AsSpan(0, _count);

    /// <summary>About how many bytes it holds.</summary>
    public long EstimatedBytes => 12L * _slots.Length;

    /// <summary>Counts one term.</summary>
    /// <param name="postings">Who has it.</param>
    /// <param name="episodes">Who is whose neighbour.</param>
    /// <param name="capacity">How many slots there are.</param>
    public void Load(ReadOnlySpan<Posting> postings, EpisodeTable episodes, int capacity)
    {
        if (_slots.Length < capacity)
        {
            (_frequencies, _slots) = (new double[capacity], new int[capacity]);
        }

        ReadOnlySpan<int> previous = episodes.Previous;
        ReadOnlySpan<int> next = episodes.Next;
        foreach (Posting posting in postings)
        {
            Add(posting.Slot, posting.Weight);
            int before = previous[posting.Slot];
            if (before >= 0)
            {
                Add(before, posting.Weight * weights.Next);
                Add(previous[before], posting.Weight * weights.SecondNext);
            }

            int after = next[posting.Slot];
            if (after >= 0)
            {
                Add(after, posting.Weight * weights.Previous);
                Add(next[after], posting.Weight * weights.SecondPrevious);
            }
        }
    }

    /// <summary>Takes how often a memory has the term, which is forgotten with that.</summary>
    /// <param name="slot">The memory.</param>
    /// <returns>The count.</returns>
    public double Take(int slot)
    {
        double frequency = _frequencies[slot];
        _frequencies[slot] = 0;
        return frequency;
    }

    /// <summary>Makes room for the next term. Every count must have been taken.</summary>
    public void Clear() => _count = 0;

    private void Add(int slot, double weight)
    {
        if (slot < 0 || weight <= 0)
        {
            return;
        }

        if (_frequencies[slot] == 0)
        {
            _slots[_count++] = slot;
        }

        _frequencies[slot] += weight;
    }
}
