using Microsoft.Extensions.Logging;

namespace OrleansMemory.Grains.Diagnostics.Logs;

/// <summary>
/// Tells, when the silo starts, that another logger factory was registered after ours: what Orleans logs then holds the keys of
/// conversations and users.
/// </summary>
/// <param name="loggers">The host's factory.</param>
internal sealed partial class RedactionCheck(ILoggerFactory loggers) : IConfigurationValidator
{
    /// <inheritdoc />
    public void ValidateConfiguration()
    {
        if (loggers is not RedactingLoggerFactory)
        {
            LogNotRedacted(loggers.CreateLogger<RedactionCheck>(), loggers.GetType().Name);
        }
    }

    [LoggerMessage(
        EventIds.LogsNotRedacted,
        LogLevel.Warning,
        "What Orleans logs is not redacted, because {Factory} was registered after AddOrleansMemory(): it may name conversations and users. Call AddOrleansMemory() after it"
    )]
    private static partial void LogNotRedacted(ILogger logger, string factory);
}
