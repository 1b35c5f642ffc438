using OrleansMemory.Errors;

namespace OrleansMemory.Client.Runs;

/// <summary>Something that a run staged and that was refused when its turn was committed: the turn is stored without it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="TurnId">The run's turn.</param>
/// <param name="Space">The space of an entry; <see langword="null"/> for settings.</param>
/// <param name="Key">The key of an entry; <see langword="null"/> for settings, and where a whole space was to be emptied.</param>
/// <param name="Reason">Why it was refused.</param>
public sealed record RefusedStaging(RefusedStagingKind Kind, string TurnId, string? Space, string? Key, MemoryException Reason);

/// <summary>What of a run's staging was refused.</summary>
public enum RefusedStagingKind
{
    /// <summary>An entry, or a user global, that was set.</summary>
    EntryWrite = 0,

    /// <summary>The removal of an entry, of a user global or of a space.</summary>
    EntryDelete = 1,

    /// <summary>The change of settings.</summary>
    Settings = 2,
}
