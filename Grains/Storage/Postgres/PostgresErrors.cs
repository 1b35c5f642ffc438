using Npgsql;
using OrleansMemory.Errors;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>What an error of the database means to the callers of the store.</summary>
internal static class PostgresErrors
{
    /// <summary>How long a caller is told to wait when the database does not answer.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Whether the database refused the data itself, so that sending it again cannot help.</summary>
    /// <param name="exception">The error.</param>
    /// <returns>Whether the data is to blame.</returns>
    public static bool IsRefusedData(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.SqlState switch
        {
            PostgresErrorCodes.StatementTooComplex or PostgresErrorCodes.ProgramLimitExceeded => true,
            PostgresErrorCodes.CheckViolation or PostgresErrorCodes.NotNullViolation or PostgresErrorCodes.UniqueViolation => true,
            string state => state.StartsWith("22", StringComparison.Ordinal),
        },
        // Npgsql could not encode a value: an unpaired surrogate in a text column.
        System.Text.EncoderFallbackException or InvalidCastException or OverflowException => true,
        _ => false,
    };

    /// <summary>Whether something was there already, as a turn is that comes again.</summary>
    /// <param name="exception">The error.</param>
    /// <returns>Whether it was.</returns>
    public static bool IsRepetition(PostgresException exception) => exception.SqlState == PostgresErrorCodes.UniqueViolation;

    /// <summary>Whether the same statement may work when it is tried again, on a new connection.</summary>
    /// <param name="exception">The error.</param>
    /// <returns>Whether a retry makes sense.</returns>
    public static bool IsTransient(Exception exception) => exception switch
    {
        NpgsqlException npgsql => npgsql.IsTransient || npgsql is not PostgresException || IsConnectionLost((PostgresException)npgsql),
        IOException or TimeoutException or System.Net.Sockets.SocketException or ObjectDisposedException => true,
        _ => false,
    };

    /// <summary>The domain's error for an error of the database.</summary>
    /// <param name="exception">The error.</param>
    /// <returns>The error to throw.</returns>
    public static MemoryException Translate(Exception exception) => IsRefusedData(exception)
        ? new InvalidRequestException("turn", "The database refused the data. Text must be valid Unicode without U+0000, and JSON must be well-formed.")
        : new MemoryUnavailableException(RetryAfter);

    private static bool IsConnectionLost(PostgresException exception) => exception.SqlState switch
    {
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow => true,
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure => true,
        string state => state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("53", StringComparison.Ordinal),
    };
}
