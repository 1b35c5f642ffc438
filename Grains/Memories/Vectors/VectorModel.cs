namespace OrleansMemory.Grains.Memories.Vectors;

/// <summary>What makes vectors comparable: two of them are compared only when their models are equal.</summary>
/// <param name="Id">The name under which a store keeps its vectors; it contains the dimensions.</param>
/// <param name="Dimensions">How many numbers a vector has.</param>
internal sealed record VectorModel(string Id, int Dimensions)
{
    /// <summary>Makes a model.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="dimensions">How many numbers its vectors have.</param>
    public static VectorModel Create(string name, int dimensions) => new(FormattableString.Invariant($"{name}@{dimensions}"), dimensions);
}
