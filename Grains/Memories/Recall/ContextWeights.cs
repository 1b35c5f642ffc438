namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>
/// What words count by where they stand. All are multiples of 1/256, so that sums of them are exact: an index gives the same scores in whatever order its
/// memories came and went.
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

    /// <summary>The share of its weight that a memory's words keep beside it: 1 up to <see cref="RecallWeights.NeighbourTerms"/> words, less for longer ones.</summary>
    /// <param name="length">The length of the memory by itself.</param>
    /// <returns>More than 0, at most 1.</returns>
    public double LentBy(double length) => length <= _neighbourTerms ? 1 : Math.Max(1, Math.Round(_neighbourTerms / length * Steps)) / Steps;

    /// <summary>What the words of the turn before count.</summary>
    /// <param name="before">That turn.</param>
    /// <returns>The weight.</returns>
    public double OfPrevious(in MemoryEntry before) => before.Has(MemoryTraits.Question) ? PreviousQuestion : Previous;

    private static double Round(double weight) => Math.Round(weight * Steps) / Steps;
}
