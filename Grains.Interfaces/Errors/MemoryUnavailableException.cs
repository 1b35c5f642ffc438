namespace OrleansMemory.Errors;

/// <summary>
/// The store could not be reached in time. Nothing was acknowledged; what became of a turn is learnt by sending it again under its id.
/// </summary>
[GenerateSerializer, Alias("OrleansMemory.MemoryUnavailableException")]
public sealed class MemoryUnavailableException : MemoryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="retryAfter">How long to wait before the next attempt.</param>
    public MemoryUnavailableException(TimeSpan retryAfter)
        : base("The store could not be reached. Send the same request again after a pause; a turn id makes that safe.") =>
        RetryAfter = retryAfter;

    /// <summary>How long to wait before the next attempt.</summary>
    [Id(0)]
    public TimeSpan RetryAfter { get; }
}
