using System.Collections.Immutable;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Storage;

/// <summary>A decided recording of memories.</summary>
internal sealed record FactRecording
{
    /// <summary>Who owns them.</summary>
    public required MemoryScope Scope { get; init; }

    /// <summary>The memories with their ids, version 1, in their order. An id is a new <see cref="Guid"/> in the format <c>N</c>.</summary>
    public required ImmutableArray<MemoryFact> Facts { get; init; }

    /// <summary>The caller's idempotency key; <see langword="null"/> for none.</summary>
    public string? Key { get; init; }

    /// <summary>What the key stands for: a hash of the request, not of ids or instants.</summary>
    public required ImmutableArray<byte> PayloadHash { get; init; }

    /// <summary>Whether facts are to be distilled from the turns among them.</summary>
    public bool Extract { get; init; }

    /// <summary>Whether the silo's extractor records them, not a caller.</summary>
    public bool Distilled { get; init; }

    /// <summary>The instant of the recording.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>What became of a recording.</summary>
internal enum RecordStatus
{
    /// <summary>Stored by this call.</summary>
    Recorded,

    /// <summary>An earlier call with this key stored it.</summary>
    Replayed,

    /// <summary>An earlier call with this key stored something else.</summary>
    Conflict,

    /// <summary>What an earlier call with this key stored was deleted with its conversation, cleared or erased.</summary>
    Gone,
}

/// <summary>What became of a recording.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="Ids">
/// The ids of the memories, those of the earlier call when it was replayed; none on a conflict, or when they are gone.
/// </param>
internal sealed record RecordResult(RecordStatus Status, ImmutableArray<string> Ids, DateTimeOffset At);
