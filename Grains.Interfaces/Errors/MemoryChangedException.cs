namespace OrleansMemory.Errors;

/// <summary>The change expected a version that the memory does not have. Nothing was written.</summary>
[GenerateSerializer, Alias("OrleansMemory.MemoryChangedException")]
public sealed class MemoryChangedException : MemoryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="expectedVersion">The version that was expected.</param>
    /// <param name="actualVersion">The version that the memory has.</param>
    public MemoryChangedException(long expectedVersion, long actualVersion)
        : base(
            FormattableString.Invariant(
                $"The change expected version {expectedVersion}, but the memory is at version {actualVersion}. Read it again and decide anew."
            )
        )
    {
        ExpectedVersion = expectedVersion;
        ActualVersion = actualVersion;
    }

    /// <summary>The version that was expected.</summary>
    [Id(0)]
    public long ExpectedVersion { get; }

    /// <summary>The version that the memory has.</summary>
    [Id(1)]
    public long ActualVersion { get; }
}
