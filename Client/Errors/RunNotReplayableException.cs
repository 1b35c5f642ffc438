using OrleansMemory.Errors;

namespace OrleansMemory.Client.Errors;

/// <summary>A run of this turn id was committed before, but its messages have been dropped from the conversation since. It is not run
/// again.</summary>
public sealed class RunNotReplayableException : MemoryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="committedVersion">The version that the run's turn produced.</param>
    public RunNotReplayableException(long committedVersion)
        : base(
            FormattableString.Invariant(
                $"A run of this turn id was committed before, as version {committedVersion}, but its messages have been dropped since. Give a new run a new id."
            )
        ) => CommittedVersion = committedVersion;

    /// <summary>The version that the run's turn produced.</summary>
    public long CommittedVersion { get; }
}
