namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>A vector that is saved, to be written once more as what the extension compares.</summary>
/// <param name="Id">The memory.</param>
internal readonly record struct MirroredVector(Guid Id, string Model, ReadOnlyMemory<float> Vector);
