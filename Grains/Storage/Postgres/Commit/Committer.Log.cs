using Microsoft.Extensions.Logging;
using OrleansMemory.Grains.Diagnostics;

namespace OrleansMemory.Grains.Storage.Postgres.Commit;

internal sealed partial class Committer
{
    [LoggerMessage(
        EventIds.BatchRetried,
        LogLevel.Warning,
        "A batch of {Conversations} conversations got no answer ({ErrorType}, SQLSTATE {SqlState}); it is sent again"
    )]
    private partial void LogBatchRetried(int conversations, string errorType, string? sqlState);

    [LoggerMessage(
        EventIds.BatchSplit,
        LogLevel.Warning,
        "The database refused the data of a batch of {Conversations} conversations; it is halved"
    )]
    private partial void LogBatchSplit(int conversations);

    [LoggerMessage(EventIds.TurnRefused, LogLevel.Warning, "The database refused the data of a turn ({ErrorType}, SQLSTATE {SqlState})")]
    private partial void LogTurnRefused(string errorType, string? sqlState);

    [LoggerMessage(EventIds.BatchFailed, LogLevel.Error, "A batch failed")]
    private partial void LogBatchFailed(Exception exception);
}
