using Microsoft.Extensions.Logging;

namespace OrleansMemory.Client.Retries;

/// <summary>What the client logs about repetitions. Event ids 2000 to 2099 are the client's.</summary>
internal static partial class RetryLog
{
    [LoggerMessage(2000, LogLevel.Debug, "Repetition {Repetition} in {PauseMilliseconds} ms after {Failure}")]
    public static partial void Repeating(ILogger logger, int repetition, double pauseMilliseconds, string failure);
}
