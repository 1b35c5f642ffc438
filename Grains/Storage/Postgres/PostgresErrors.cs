using Npgsql;
using OrleansMemory.Errors;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>What an error of the database is about.</summary>
internal enum DatabaseError
{
    /// <summary>A statement of ours or what it found in the tables: neither the caller nor another attempt can mend that.</summary>
    Ours,

    /// <summary>What the caller sent: text that the database cannot hold, or more of it than it takes.</summary>
    Request,

    /// <summary>Something that passes. The connection is good.</summary>
    Passing,

    /// <summary>The connection, or the server behind it, is gone. Other connections of the pool may be dead as well.</summary>
    Connection,
}

/// <summary>What an error of the database means to the callers of the store.</summary>
internal static class PostgresErrors
{
    // Npgsql has no name for it.
    private const string IdleInTransactionTimeout = "25P03";

    /// <summary>How long a caller is told to wait when the database does not answer.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Says what an error is about.</summary>
    public static DatabaseError Judge(Exception exception) =>
        exception switch
        {
            PostgresException postgres => Judge(postgres.SqlState),

            // Npgsql could not encode a value: an unpaired surrogate in a text column.
            System.Text.EncoderFallbackException => DatabaseError.Request,

            // A command that took too long was cancelled; where the connection did not survive that, the connection says so.
            TimeoutException or NpgsqlException { InnerException: TimeoutException } => DatabaseError.Passing,
            NpgsqlException or IOException or System.Net.Sockets.SocketException or ObjectDisposedException => DatabaseError.Connection,
            { InnerException: { } inner } => Judge(inner),
            _ => DatabaseError.Ours,
        };

    /// <summary>Says what an SQLSTATE is about.</summary>
    /// <param name="sqlState">Five characters, of which the first two are the class.</param>
    public static DatabaseError Judge(string sqlState) =>
        sqlState switch
        {
            PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter => DatabaseError.Request,
            PostgresErrorCodes.StatementTooComplex or PostgresErrorCodes.ProgramLimitExceeded => DatabaseError.Request,
            PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected => DatabaseError.Passing,
            PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.ObjectInUse or PostgresErrorCodes.QueryCanceled =>
                DatabaseError.Passing,
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow =>
                DatabaseError.Connection,
            PostgresErrorCodes.DatabaseDropped or PostgresErrorCodes.IdleSessionTimeout => DatabaseError.Connection,
            IdleInTransactionTimeout or PostgresErrorCodes.ReadOnlySqlTransaction => DatabaseError.Connection,

            // What a database says whose connections are not allowed for a while. No statement of ours asks for an object in another state.
            PostgresErrorCodes.ObjectNotInPrerequisiteState => DatabaseError.Connection,
            _ => sqlState.Length < 2 ? DatabaseError.Ours : JudgeClass(sqlState[..2]),
        };

    /// <summary>Whether one turn of a batch may be what the database refuses, so that the others may be written without it.</summary>
    /// <param name="exception">The error.</param>
    /// <returns>Whether it is about values, whoever made them.</returns>
    public static bool IsAboutValues(Exception exception) =>
        exception switch
        {
            PostgresException postgres => Judge(postgres.SqlState) == DatabaseError.Request || postgres.SqlState[..2] is "22" or "23",
            System.Text.EncoderFallbackException or InvalidCastException or OverflowException => true,
            _ => false,
        };

    /// <summary>Whether something was there already, as a turn is that comes again.</summary>
    /// <param name="exception">The error.</param>
    public static bool IsRepetition(PostgresException exception) => exception.SqlState == PostgresErrorCodes.UniqueViolation;

    /// <summary>Whether the same statement may work when it is tried again.</summary>
    /// <param name="exception">The error.</param>
    /// <returns>Whether a retry makes sense.</returns>
    public static bool IsTransient(Exception exception) => Judge(exception) is DatabaseError.Passing or DatabaseError.Connection;

    /// <summary>The domain's error for an error of the database.</summary>
    /// <param name="check">
    /// Refuses the data of the operation where it cannot be stored. PostgreSQL has one SQLSTATE for JSON that is none and for a cast of
    /// ours that fails: only the data tells which it was.
    /// </param>
    /// <returns>The error to throw.</returns>
    public static MemoryException Translate(Exception exception, Action? check = null) =>
        Judge(exception) switch
        {
            DatabaseError.Request => new InvalidRequestException(
                "turn",
                "The database refused the data. Text must be valid Unicode without U+0000, and not longer or more deeply nested than it can hold."
            ),
            DatabaseError.Passing or DatabaseError.Connection => new MemoryUnavailableException(RetryAfter),
            _ => RefusalOf(check) ?? (MemoryException)new StoreFaultException($"fault_{Guid.NewGuid():N}"),
        };

    private static DatabaseError JudgeClass(string sqlClass) =>
        sqlClass switch
        {
            // Connection; authorization and the database's name, which are part of connecting.
            "08" or "28" or "3D" => DatabaseError.Connection,

            // Transactions that were rolled back, resources, an operator's intervention, the server's disk.
            "40" or "53" or "57" or "58" => DatabaseError.Passing,
            _ => DatabaseError.Ours,
        };

    private static InvalidRequestException? RefusalOf(Action? check)
    {
        try
        {
            check?.Invoke();
            return null;
        }
        catch (InvalidRequestException refusal)
        {
            return refusal;
        }
    }
}
