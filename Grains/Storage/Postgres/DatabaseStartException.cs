namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>
/// The database cannot be used when the silo starts. The message names the setting and says what would be right; it holds no password.
/// </summary>
public sealed class DatabaseStartException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="message">What is wrong, and what to do.</param>
    /// <param name="innerException">What the driver said.</param>
    public DatabaseStartException(string message, Exception? innerException = null)
        : base(message, innerException) { }
}
