using Microsoft.Extensions.Logging;
using Npgsql;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Diagnostics;

namespace OrleansMemory.Grains.Storage.Postgres;

internal sealed partial class PostgresConversationStore
{
    /// <summary>How often something that may be repeated is tried: a pooled connection may have died with the server it was made for.</summary>
    private const int ReadAttempts = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs something on a pooled connection, again on a new one when that may help, and translates what goes wrong.</summary>
    internal async Task<T> RunAsync<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> work, int attempts, CancellationToken cancellationToken)
    {
        TimeSpan pause = FirstPause;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                NpgsqlConnection connection = await _reads.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
                await using var _ = connection.ConfigureAwait(false);
                return await work(connection, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not MemoryException and not OperationCanceledException)
            {
                LogReadFailed(attempt, exception.GetType().Name, (exception as PostgresException)?.SqlState);
                if (attempt >= attempts || !PostgresErrors.IsTransient(exception))
                {
                    throw PostgresErrors.Translate(exception);
                }
            }

            // The other pooled connections may be dead as well; there are more of them than attempts.
            _reads.Clear();
            await Task.Delay(pause, _timeProvider, cancellationToken).ConfigureAwait(false);
            pause *= 3;
        }
    }

    [LoggerMessage(EventIds.ReadFailed, LogLevel.Debug, "Attempt {Attempt} of a store operation failed ({ErrorType}, SQLSTATE {SqlState})")]
    private partial void LogReadFailed(int attempt, string errorType, string? sqlState);
}
