namespace OrleansMemory.Errors;

/// <summary>The turn expected a version that the conversation does not have. Nothing was written.</summary>
[GenerateSerializer, Alias("OrleansMemory.VersionConflictException")]
public sealed class VersionConflictException : MemoryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="expectedVersion">The version the turn expected.</param>
    /// <param name="actualVersion">The version the conversation has; 0 when it does not exist.</param>
    public VersionConflictException(long expectedVersion, long actualVersion)
        : base(
            FormattableString.Invariant(
                $"The turn expected version {expectedVersion}, but the conversation is at version {actualVersion}. Read it again and decide anew."
            )
        )
    {
        ExpectedVersion = expectedVersion;
        ActualVersion = actualVersion;
    }

    /// <summary>The version the turn expected.</summary>
    [Id(0)]
    public long ExpectedVersion { get; }

    /// <summary>The version the conversation has; 0 when it does not exist.</summary>
    [Id(1)]
    public long ActualVersion { get; }
}
