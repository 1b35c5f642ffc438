using OrleansMemory.Errors;

namespace OrleansMemory.Client.Errors;

/// <summary>A turn was committed, but some or all of its messages have been dropped from the conversation since.</summary>
public sealed class TurnMessagesDroppedException : MemoryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="committedVersion">The version that the turn produced.</param>
    public TurnMessagesDroppedException(long committedVersion)
        : base(
            FormattableString.Invariant(
                $"The turn was committed as version {committedVersion}, but messages of it have been dropped since."
            )
        ) => CommittedVersion = committedVersion;

    /// <summary>The version that the turn produced.</summary>
    public long CommittedVersion { get; }
}
