using OrleansMemory.Grains.Memories.Recall.Indexing;

namespace OrleansMemory.Grains.Memories.Recall.Scoring;

/// <summary>
/// How often each memory has one word, its neighbours' occurrences counted by their weight. Only a memory's own terms are stored; what they
/// are to their neighbours is found here, so that a change of one memory changes nothing else.
/// </summary>
/// <param name="memories">The memories.</param>
/// <param name="weights">What the words of neighbours count.</param>
internal sealed class TermSpread(RecallMemories memories, ContextWeights weights)
{
    private double[] _frequencies = [];
    private int[] _slots = [];
    private int _count;

    /// <summary>The memories that have the word, themselves or beside them.</summary>
    public ReadOnlySpan<int> Slots => _slots.AsSpan(0, _count);

    /// <summary>About how many bytes it holds.</summary>
    public long EstimatedBytes => 12L * _slots.Length;

    /// <summary>Makes room for the next word. Every count must have been taken.</summary>
    public void Clear()
    {
        _count = 0;
        if (_slots.Length < memories.Entries.Capacity)
        {
            (_frequencies, _slots) = (new double[memories.Entries.Capacity], new int[memories.Entries.Capacity]);
        }
    }

    /// <summary>Counts one term for the word.</summary>
    /// <param name="term">The term.</param>
    /// <param name="factor">What it counts, a multiple of 1/256.</param>
    public void Load(int term, double factor)
    {
        ReadOnlySpan<int> previous = memories.Episodes.Previous;
        ReadOnlySpan<int> next = memories.Episodes.Next;
        ReadOnlySpan<double> lent = memories.Lengths.Lent;
        foreach (Posting posting in memories.Terms.PostingsOf(term))
        {
            double weight = posting.Weight * factor;
            Add(posting.Slot, weight);
            weight *= lent[posting.Slot];
            int before = previous[posting.Slot];
            if (before >= 0)
            {
                Add(before, weight * weights.Next);
                Add(previous[before], weight * weights.SecondNext);
            }

            int after = next[posting.Slot];
            if (after >= 0)
            {
                Add(after, weight * weights.OfPrevious(memories.Entries[posting.Slot]));
                Add(next[after], weight * weights.SecondPrevious);
            }
        }
    }

    /// <summary>Takes how often a memory has the word, which is forgotten with that.</summary>
    /// <param name="slot">The memory.</param>
    /// <returns>The count.</returns>
    public double Take(int slot)
    {
        double frequency = _frequencies[slot];
        _frequencies[slot] = 0;
        return frequency;
    }

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
