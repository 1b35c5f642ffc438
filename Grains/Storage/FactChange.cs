using System.Collections.Immutable;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Storage;

/// <summary>A decided change of one memory.</summary>
internal sealed record FactChange
{
    /// <summary>The tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The version it must have; <see langword="null"/> for any.</summary>
    public long? ExpectedVersion { get; init; }

    /// <summary>What it says from now on; <see langword="null"/> leaves it. Vectors of what it said before go.</summary>
    public string? Text { get; init; }

    /// <summary>The metadata from now on, when <see cref="SetsMetadata"/>.</summary>
    public string? Metadata { get; init; }

    /// <summary>Whether the metadata changes.</summary>
    public bool SetsMetadata { get; init; }

    /// <summary>The expiry from now on, when <see cref="SetsExpiry"/>.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Whether the expiry changes.</summary>
    public bool SetsExpiry { get; init; }

    /// <summary>The instant of the change.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The memory as it is after the change.</summary>
    /// <param name="fact">The memory before it.</param>
    public MemoryFact ApplyTo(MemoryFact fact) =>
        fact with
        {
            Text = Text ?? fact.Text,
            Metadata = SetsMetadata ? Metadata : fact.Metadata,
            ExpiresAt = SetsExpiry ? ExpiresAt : fact.ExpiresAt,
            UpdatedAt = At,
            Version = fact.Version + 1,
        };
}

/// <summary>What became of a change.</summary>
/// <param name="Changed">Whether it was made.</param>
/// <param name="Fact">The memory as it is now; <see langword="null"/> when there is none.</param>
internal sealed record FactChangeResult(bool Changed, MemoryFact? Fact);

/// <summary>What a deletion removed.</summary>
/// <param name="Rows">Memories, retired and expired ones included.</param>
/// <param name="Live">Those of them that a read would have shown.</param>
/// <param name="More">Whether the bound was reached, so that more may be left.</param>
internal readonly record struct FactDeletion(int Rows, int Live, bool More);

/// <summary>A vector of what a memory says.</summary>
/// <param name="Version">The version whose text was embedded.</param>
internal readonly record struct FactVector(string Id, long Version, ReadOnlyMemory<float> Vector);

/// <summary>What was distilled from recorded turns.</summary>
internal sealed record FactDistillation
{
    /// <summary>Who owns the turns and the facts.</summary>
    public required MemoryScope Scope { get; init; }

    /// <summary>The turns that are done with.</summary>
    public required ImmutableArray<string> Turns { get; init; }

    /// <summary>New facts with their ids, version 1.</summary>
    public ImmutableArray<MemoryFact> Added { get; init; } = [];

    /// <summary>Facts that say something else from now on.</summary>
    public ImmutableArray<FactRevision> Revised { get; init; } = [];

    /// <summary>Facts that do not hold any more.</summary>
    public ImmutableArray<FactRetirement> Retired { get; init; } = [];

    /// <summary>The instant of the changes.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>A new text for a fact.</summary>
/// <param name="ExpectedVersion">The version it must have.</param>
/// <param name="Text">What it says from now on.</param>
internal sealed record FactRevision(string Id, long ExpectedVersion, string Text);

/// <summary>A fact that does not hold any more.</summary>
/// <param name="ExpectedVersion">The version it must have.</param>
internal sealed record FactRetirement(string Id, long ExpectedVersion);

/// <summary>One step of sweeping memories.</summary>
/// <param name="At">What has expired at this instant goes.</param>
/// <param name="TracesBefore">Traces of memories that were deleted or swept before this instant go.</param>
/// <param name="KeysBefore">Keys of recordings before this instant go.</param>
/// <param name="Limit">The most rows of each.</param>
internal readonly record struct FactSweep(DateTimeOffset At, DateTimeOffset TracesBefore, DateTimeOffset KeysBefore, int Limit);

/// <summary>What one step of sweeping memories removed, and what else it saw to.</summary>
/// <param name="Expired">Expired memories; their traces stay a while.</param>
/// <param name="Keys">Keys of recordings.</param>
/// <param name="Vectors">Vectors looked at because the store may lack them in what it searches itself.</param>
internal readonly record struct FactSweepResult(int Expired, int Traces, int Keys, int Vectors = 0);
