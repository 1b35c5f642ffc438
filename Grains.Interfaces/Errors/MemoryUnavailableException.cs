namespace OrleansMemory.Errors;

/// <summary>
/// The store, or every silo, could not be reached in time, or the silo's clock is off. Nothing was acknowledged; what became of a turn is
/// learnt by sending it again under its id.
/// </summary>
[GenerateSerializer, Alias("OrleansMemory.MemoryUnavailableException")]
public sealed class MemoryUnavailableException : MemoryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="retryAfter">How long to wait before the next attempt.</param>
    public MemoryUnavailableException(TimeSpan retryAfter)
        : base("The store could not be reached. Send the same request again after a pause; a turn id makes that safe.") =>
        RetryAfter = retryAfter;

    private MemoryUnavailableException(TimeSpan retryAfter, string message)
        : base(message) => RetryAfter = retryAfter;

    private MemoryUnavailableException(TimeSpan retryAfter, Exception innerException)
        : base(
            "No silo answered in time. Send the same request again after a pause; a turn id makes that safe, and so does the life that a deletion expects.",
            innerException
        ) => RetryAfter = retryAfter;

    /// <summary>Makes the error of a client that no silo has answered.</summary>
    /// <param name="retryAfter">How long to wait before the next attempt.</param>
    /// <param name="failure">What the call failed with, in Orleans' terms; it is the inner exception.</param>
    /// <returns>The error.</returns>
    public static MemoryUnavailableException NoSilo(TimeSpan retryAfter, Exception failure) => new(retryAfter, failure);

    /// <summary>Makes the error of a silo whose clock differs from the store's by more than is tolerated: nothing was done.</summary>
    /// <param name="retryAfter">How long to wait before the next attempt.</param>
    /// <returns>The error.</returns>
    public static MemoryUnavailableException WrongClock(TimeSpan retryAfter) =>
        new(
            retryAfter,
            "The silo's clock differs from the store's by more than is tolerated. Send the same request again after a pause; another silo may answer it."
        );

    /// <summary>How long to wait before the next attempt.</summary>
    [Id(0)]
    public TimeSpan RetryAfter { get; }
}
