using Microsoft.Extensions.Logging;

namespace OrleansMemory.Client.AgentFramework;

/// <summary>
/// What the provider of memories logs: types of failures, never their texts. Event ids 2080 to 2089 of the client's band.
/// </summary>
internal static partial class LongTermMemoryLog
{
    [LoggerMessage(2080, LogLevel.Warning, "Memories could not be recalled: {Failure}. The run goes on without them")]
    public static partial void RecallFailed(ILogger logger, string failure);

    [LoggerMessage(2081, LogLevel.Warning, "A run could not be recorded as memories: {Failure}")]
    public static partial void RecordFailed(ILogger logger, string failure);
}
