using Microsoft.Extensions.Logging;

namespace Orleans.Runtime.Activations;

/// <content>What an activation logs. Keys and arguments are never logged.</content>
internal sealed partial class Activation
{
    [LoggerMessage(EventId = 9000, Level = LogLevel.Critical, Message = "The host failed to serve an activation of {GrainClass}")]
    private static partial void LogPumpFailed(ILogger logger, string grainClass, Exception exception);

    [LoggerMessage(EventId = 9001, Level = LogLevel.Warning, Message = "An activation of {GrainClass} failed to start")]
    private static partial void LogActivationFailed(ILogger logger, string grainClass, Exception exception);

    [LoggerMessage(EventId = 9002, Level = LogLevel.Warning, Message = "OnDeactivateAsync of {GrainClass} failed; it ends all the same")]
    private static partial void LogDeactivationFailed(ILogger logger, string grainClass, Exception exception);

    [LoggerMessage(EventId = 9003, Level = LogLevel.Warning, Message = "Disposing an activation of {GrainClass} failed")]
    private static partial void LogDisposalFailed(ILogger logger, string grainClass, Exception exception);

    [LoggerMessage(EventId = 9004, Level = LogLevel.Debug, Message = "{GrainMethod} failed after its caller had stopped waiting")]
    private static partial void LogLateFailure(ILogger logger, string grainMethod, Exception? exception);
}
