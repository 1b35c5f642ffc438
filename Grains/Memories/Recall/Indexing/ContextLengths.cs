namespace OrleansMemory.Grains.Memories.Recall.Indexing;

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
        double length =
            _own[slot]
            + (before < 0 ? 0 : weights.OfPrevious(entries[before]) * LentOrNone(before))
            + (weights.Next * LentOrNone(after))
            + (weights.SecondPrevious * LentOrNone(At(episodes.Previous, before)))
            + (weights.SecondNext * LentOrNone(At(episodes.Next, after)));
        Total += length - _expanded[slot];
        _expanded[slot] = length;
    }

    private double LentOrNone(int slot) => slot < 0 ? 0 : _own[slot] * _lent[slot];

    private static int At(ReadOnlySpan<int> links, int slot) => slot < 0 ? -1 : links[slot];
}

/// <summary>
/// What words count by where they stand. All are multiples of 1/256, so that sums of them are exact: an index gives the same scores in
/// whatever order its memories came and went.
/// </summary>
/// <param name="weights">The weights, which are rounded.</param>
internal sealed class ContextWeights(RecallWeights weights)
{
    private const double Steps = 256;

    private readonly int _neighbourTerms = weights.NeighbourTerms;

    /// <summary>A word of a caption.</summary>
    public float Caption { get; } = (float)Round(weights.Caption);

    /// <summary>A word of the turn before.</summary>
    private double Previous { get; } = Round(weights.Previous);

    /// <summary>A word of the turn before when that is a question.</summary>
    private double PreviousQuestion { get; } = Round(weights.PreviousQuestion);

    /// <summary>A word of the turn after.</summary>
    public double Next { get; } = Round(weights.Next);

    /// <summary>A word of the turn before the one before.</summary>
    public double SecondPrevious { get; } = Round(weights.SecondPrevious);

    /// <summary>A word of the turn after the one after.</summary>
    public double SecondNext { get; } = Round(weights.SecondNext);

    /// <summary>A word related to the one that is asked for.</summary>
    public double Related { get; } = Round(weights.Related);

    /// <summary>
    /// The share of its weight that a memory's words keep beside it: 1 up to <see cref="RecallWeights.NeighbourTerms"/> words, less for
    /// longer ones.
    /// </summary>
    /// <param name="length">The length of the memory by itself.</param>
    /// <returns>More than 0, at most 1.</returns>
    public double LentBy(double length) =>
        length <= _neighbourTerms ? 1 : Math.Max(1, Math.Round(_neighbourTerms / length * Steps)) / Steps;

    /// <summary>What the words of the turn before count.</summary>
    /// <param name="before">That turn.</param>
    /// <returns>The weight.</returns>
    public double OfPrevious(in MemoryEntry before) => before.Has(MemoryTraits.Question) ? PreviousQuestion : Previous;

    private static double Round(double weight) => Math.Round(weight * Steps) / Steps;
}
