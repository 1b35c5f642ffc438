using Microsoft.Extensions.Logging;

namespace OrleansMemory.Client.Summaries;

/// <summary>What summaries log: types of failures, never content. Event ids 2000 to 2099 are the client's.</summary>
internal static partial class SummaryLog
{
    [LoggerMessage(2011, LogLevel.Warning, "A summary was not made: {Failure}. A later run tries again")]
    public static partial void SummaryFailed(ILogger logger, string failure);
}
