namespace OrleansMemory.Grains.Memories.Vectors;

/// <summary>The generator gave vectors of other dimensions than those of its model. They are not used.</summary>
/// <param name="expected">The dimensions of the model.</param>
/// <param name="actual">Those of the vectors.</param>
internal sealed class EmbeddingDimensionsException(int expected, int actual)
    : Exception(
        FormattableString.Invariant($"The embedding generator gave vectors of {actual} dimensions; its model has {expected}. ")
            + "If the model was changed, restart the silo; if its metadata is wrong, set VectorOptions.Dimensions."
    )
{
    /// <summary>The dimensions of the model.</summary>
    public int Expected { get; } = expected;

    /// <summary>Those of the vectors.</summary>
    public int Actual { get; } = actual;
}
