using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Storage;

/// <summary>A search for the memories whose vectors point most nearly where a question's points.</summary>
internal sealed record NearestFacts
{
    /// <summary>The scope.</summary>
    public required MemoryScope Scope { get; init; }

    /// <summary>The model of the vectors.</summary>
    public required string Model { get; init; }

    /// <summary>The question's vector, of this model and with a direction.</summary>
    public required ReadOnlyMemory<float> Vector { get; init; }

    /// <summary>The kind; <see langword="null"/> for all.</summary>
    public MemoryKind? Kind { get; init; }

    /// <summary>Labels that the metadata must have, as <see cref="MetadataLabels"/> makes them.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>The least position.</summary>
    public long From { get; init; }

    /// <summary>The most memories.</summary>
    public required int Limit { get; init; }

    /// <summary>The instant: what has expired by then is left out.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>One result.</summary>
/// <param name="Id">The memory.</param>
/// <param name="Similarity">The cosine of the angle between the vectors, -1 to 1.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct VectorHit(string Id, float Similarity);
