using Microsoft.Extensions.Logging;

namespace OrleansMemory.Client.Runs;

/// <summary>What the client logs about runs: types of failures, never their texts. Event ids 2010 to 2019.</summary>
internal static partial class RunLog
{
    [LoggerMessage(2010, LogLevel.Warning, "A context provider failed after a run: {Failure}")]
    public static partial void InvokedFailed(ILogger logger, string failure);

    [LoggerMessage(2011, LogLevel.Warning, "A summary was not made: {Failure}. A later run tries again")]
    public static partial void SummaryFailed(ILogger logger, string failure);

    [LoggerMessage(2012, LogLevel.Warning, "What a failed or abandoned stream gave was not stored: {Failure}")]
    public static partial void PartialNotStored(ILogger logger, string failure);

    [LoggerMessage(2013, LogLevel.Debug, "A run was answered from its committed turn")]
    public static partial void Replayed(ILogger logger);
}
