using Microsoft.Extensions.Logging;
using OrleansMemory.Grains.Diagnostics;

namespace OrleansMemory.Grains.Conversations;

internal static partial class ConversationLog
{
    [LoggerMessage(
        EventIds.TurnRetried,
        LogLevel.Debug,
        "A turn did not find the version it was decided upon (attempt {Attempt}); it is decided anew"
    )]
    public static partial void TurnRetried(ILogger logger, int attempt);

    [LoggerMessage(
        EventIds.ForkRefreshFailed,
        LogLevel.Warning,
        "A fork could not be told that the messages it shared are gone; it learns of it with its next turn ({ErrorType})"
    )]
    public static partial void ForkRefreshFailed(ILogger logger, string errorType);

    [LoggerMessage(
        EventIds.FeedCheckFailed,
        LogLevel.Debug,
        "The store could not be asked whether a watched conversation has changed ({ErrorType}); it is asked again later"
    )]
    public static partial void FeedCheckFailed(ILogger logger, string errorType);

    [LoggerMessage(
        EventIds.ExpiredNotRemoved,
        LogLevel.Debug,
        "An expired conversation was not removed at once ({ErrorType}); the expiry wheel removes it"
    )]
    public static partial void ExpiredNotRemoved(ILogger logger, string errorType);
}
