using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Storage;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Diagnostics;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>Translates errors of the database, and logs those that are ours under the id that the caller is given.</summary>
internal static partial class StoreFaults
{
    /// <summary>The domain's error for an error of the database; see <see cref="PostgresErrors.Translate"/>.</summary>
    /// <param name="logger">Is told of errors that are ours.</param>
    /// <param name="check">Refuses the data of the operation where it cannot be stored.</param>
    /// <returns>The error to throw.</returns>
    public static MemoryException Translate(ILogger logger, Exception exception, Action? check = null)
    {
        MemoryException translated = PostgresErrors.Translate(exception, check);
        if (translated is StoreFaultException fault)
        {
            var postgres = exception as PostgresException;
            LogFault(logger, fault.FaultId, exception.GetType().Name, postgres?.SqlState, postgres?.ConstraintName, postgres?.Routine);
        }

        return translated;
    }

    /// <summary>
    /// Waits for an operation of a provider of Orleans', whose database errors do not leave this room: other silos cannot even read them.
    /// </summary>
    /// <param name="logger">Is told of errors that are ours.</param>
    /// <exception cref="MemoryException">The database failed.</exception>
    public static async Task TranslateAsync(ILogger logger, Task operation)
    {
        try
        {
            await operation.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not (MemoryException or InconsistentStateException or OperationCanceledException))
        {
            throw Translate(logger, exception);
        }
    }

    /// <inheritdoc cref="TranslateAsync(ILogger, Task)" />
    /// <typeparam name="T">What the operation gives.</typeparam>
    public static async Task<T> TranslateAsync<T>(ILogger logger, Task<T> operation)
    {
        await TranslateAsync(logger, (Task)operation).ConfigureAwait(false);
        return await operation.ConfigureAwait(false);
    }

    // The text of an error and its details may hold values of a request.
    [LoggerMessage(
        EventIds.StoreFault,
        LogLevel.Error,
        "The store failed, {FaultId}: {ErrorType}, SQLSTATE {SqlState}, constraint {Constraint}, reported by {Routine}"
    )]
    private static partial void LogFault(
        ILogger logger,
        string faultId,
        string errorType,
        string? sqlState,
        string? constraint,
        string? routine
    );
}
