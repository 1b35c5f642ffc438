namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>How long each memory is, by itself and together with its weighted neighbours.</summary>
/// <param name="weights">What the words of neighbours count.</param>
/// <param name="entries">The memories.</param>
/// <param name="episodes">Who is whose neighbour.</param>
internal sealed class ContextLengths(ContextWeights weights, MemoryEntries entries, EpisodeTable episodes)
{
    private double[] _own = [];
    private double[] _lent = [];
    private double[] _expanded = [];

    /// <summary>The lengths together with neighbours, by slot.</summary>
    public ReadOnlySpan<double> Expanded => _expanded;

    /// <summary>The share of its weight that each memory's words have beside it, by slot.</summary>
    public ReadOnlySpan<double> Lent => _lent;

    /// <summary>The sum of <see cref="Expanded"/>.</summary>
    public double Total { get; private set; }

    /// <summary>About how many bytes it holds.</summary>
    public long EstimatedBytes => 24L * _own.Length;

    /// <summary>The length of a memory by itself.</summary>
    /// <param name="slot">The memory.</param>
    /// <returns>Its length in words.</returns>
    public double Own(int slot) => _own[slot];

    /// <summary>Takes the own length of a memory.</summary>
    /// <param name="slot">The memory.</param>
    /// <param name="length">Its length.</param>
    public void Put(int slot, double length)
    {
        if (slot >= _own.Length)
        {
            Array.Resize(ref _own, entries.Capacity);
            Array.Resize(ref _lent, entries.Capacity);
            Array.Resize(ref _expanded, entries.Capacity);
        }

        (_own[slot], _lent[slot]) = (length, weights.LentBy(length));
    }

    /// <summary>Forgets a memory.</summary>
    /// <param name="slot">The memory.</param>
    public void Remove(int slot)
    {
        Total -= _expanded[slot];
        (_own[slot], _expanded[slot]) = (0, 0);
    }

    /// <summary>Measures a memory and the neighbours on which it has an effect.</summary>
    /// <param name="slot">The memory; -1 measures nothing.</param>
    public void MeasureAround(int slot)
    {
        Measure(slot);
        int before = At(episodes.Previous, slot);
        int after = At(episodes.Next, slot);
        Measure(before);
        Measure(after);
        Measure(At(episodes.Previous, before));
        Measure(At(episodes.Next, after));
    }

    private void Measure(int slot)
    {
        if (slot < 0)
        {
            return;
        }

        int before = At(episodes.Previous, slot);
        int after = At(episodes.Next, slot);
        double length = _own[slot]
            + (before < 0 ? 0 : weights.OfPrevious(entries[before]) * LentOrNone(before)) + (weights.Next * LentOrNone(after))
            + (weights.SecondPrevious * LentOrNone(At(episodes.Previous, before))) + (weights.SecondNext * LentOrNone(At(episodes.Next, after)));
        Total += length - _expanded[slot];
        _expanded[slot] = length;
    }

    private double LentOrNone(int slot) => slot < 0 ? 0 : _own[slot] * _lent[slot];

    private static int At(ReadOnlySpan<int> links, int slot) => slot < 0 ? -1 : links[slot];
}
