using Microsoft.Extensions.Logging;
using OrleansMemory.Grains.Diagnostics;

namespace OrleansMemory.Grains.Conversations;

internal sealed partial class ConversationGrain
{
    [LoggerMessage(EventIds.TurnRetried, LogLevel.Debug, "A turn did not find the version it was decided upon (attempt {Attempt}); it is decided anew")]
    private partial void LogTurnRetried(int attempt);

    [LoggerMessage(EventIds.ForkRefreshFailed, LogLevel.Warning, "A fork could not be told that the messages it shared are gone; it learns of it with its next turn ({ErrorType})")]
    private partial void LogForkRefreshFailed(string errorType);

    [LoggerMessage(EventIds.FeedCheckFailed, LogLevel.Debug, "The store could not be asked whether a watched conversation has changed ({ErrorType}); it is asked again later")]
    private partial void LogFeedCheckFailed(string errorType);

    [LoggerMessage(EventIds.ExpiredNotRemoved, LogLevel.Debug, "An expired conversation was not removed at once ({ErrorType}); the expiry wheel removes it")]
    private partial void LogExpiredNotRemoved(string errorType);
}
