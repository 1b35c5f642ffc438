using System.Collections.Immutable;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Storage;

/// <summary>A memory as a store reads it.</summary>
/// <param name="Position">Its place in the order of the store.</param>
/// <param name="Vector">Its vector of the model that was asked for, of what it says now; empty when there is none.</param>
internal sealed record StoredFact(long Position, MemoryFact Fact, ReadOnlyMemory<float> Vector);

/// <summary>Where a reader of changes stands. Only the store that made it can read it.</summary>
/// <param name="Value">The store's own text.</param>
internal readonly record struct FactMark(string Value);

/// <summary>What has changed since a mark.</summary>
/// <param name="Live">Memories that were recorded or changed, as they are now.</param>
/// <param name="Gone">The ids of memories that were deleted or retired.</param>
/// <param name="Mark">Where the reader stands after this.</param>
internal sealed record FactChanges(IReadOnlyList<StoredFact> Live, IReadOnlyList<string> Gone, FactMark Mark);

/// <summary>A page of what a scope shows.</summary>
/// <param name="Model">The vectors of which model to read along; <see langword="null"/> for none.</param>
/// <param name="Before">Only positions below this one; <see langword="null"/> for the first page.</param>
/// <param name="Limit">The most memories.</param>
/// <param name="MaxBytes">
/// The most bytes of texts, captions and metadata, in UTF-8: a page ends early where it would have more. The first memory is read whatever
/// its size.
/// </param>
internal sealed record ScopeRead(MemoryScope Scope, string? Model, long? Before, int Limit, long MaxBytes);

/// <summary>A page of a list of memories. What is null is not asked for.</summary>
internal sealed record FactList
{
    /// <summary>The tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>The agent.</summary>
    public string? Agent { get; init; }

    /// <summary>The user.</summary>
    public string? User { get; init; }

    /// <summary>The session.</summary>
    public string? Session { get; init; }

    /// <summary>The kind.</summary>
    public MemoryKind? Kind { get; init; }

    /// <summary>Labels that the metadata must have, as <see cref="MetadataLabels"/> makes them.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>Only positions below this one; <see langword="null"/> for the first page.</summary>
    public long? Before { get; init; }

    /// <summary>The most memories.</summary>
    public required int Limit { get; init; }

    /// <summary>The most bytes, as in <see cref="ScopeRead"/>.</summary>
    public long MaxBytes { get; init; } = long.MaxValue;

    /// <summary>The instant: what has expired by then is left out.</summary>
    public required DateTimeOffset Now { get; init; }
}
