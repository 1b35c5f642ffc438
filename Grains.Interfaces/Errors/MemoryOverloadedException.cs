namespace OrleansMemory.Errors;

/// <summary>Too many turns wait to be written. This one was not taken; the same turn may be sent again.</summary>
[GenerateSerializer, Alias("OrleansMemory.MemoryOverloadedException")]
public sealed class MemoryOverloadedException : MemoryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="retryAfter">How long to wait before the next attempt.</param>
    public MemoryOverloadedException(TimeSpan retryAfter)
        : base("Too many turns wait to be written. Send the same turn again after a pause.") => RetryAfter = retryAfter;

    /// <summary>How long to wait before the next attempt.</summary>
    [Id(0)]
    public TimeSpan RetryAfter { get; }
}
