using System.Data;
using Microsoft.Extensions.Logging;
using Npgsql;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Diagnostics;

namespace OrleansMemory.Grains.Storage.Postgres.Conversations;

internal sealed partial class PostgresConversationStore
{
    /// <summary>
    /// How often something that may be repeated is tried: a pooled connection may have died with the server it was made for.
    /// </summary>
    private const int ReadAttempts = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs something on a pooled connection, again when that may help, and translates what goes wrong.</summary>
    /// <param name="attempts">How often it is tried at most.</param>
    /// <param name="cancellationToken">Ends the work and the pauses.</param>
    /// <param name="check">Refuses the data of the work where it cannot be stored; see <see cref="PostgresErrors.Translate"/>.</param>
    internal async Task<T> RunAsync<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> work,
        int attempts,
        CancellationToken cancellationToken,
        Action? check = null
    )
    {
        TimeSpan pause = FirstPause;
        for (int attempt = 1; ; attempt++)
        {
            bool connectionLost = false;
            try
            {
                NpgsqlConnection connection = await _reads.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
                await using var _ = connection.ConfigureAwait(false);
                try
                {
                    return await work(connection, cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    connectionLost = connection.State != ConnectionState.Open;
                }
            }
            catch (Exception exception) when (exception is not MemoryException and not OperationCanceledException)
            {
                DatabaseError error = PostgresErrors.Judge(exception);
                LogReadFailed(attempt, exception.GetType().Name, (exception as PostgresException)?.SqlState);
                if (connectionLost || error == DatabaseError.Connection)
                {
                    // The other pooled connections may be dead as well; there are more of them than attempts.
                    _reads.Clear();
                }

                if (attempt >= attempts || error is DatabaseError.Ours or DatabaseError.Request)
                {
                    throw StoreFaults.Translate(_logger, exception, check);
                }
            }

            await Task.Delay(pause, _timeProvider, cancellationToken).ConfigureAwait(false);
            pause *= 3;
        }
    }

    [LoggerMessage(EventIds.ReadFailed, LogLevel.Debug, "Attempt {Attempt} of a store operation failed ({ErrorType}, SQLSTATE {SqlState})")]
    private partial void LogReadFailed(int attempt, string errorType, string? sqlState);
}
