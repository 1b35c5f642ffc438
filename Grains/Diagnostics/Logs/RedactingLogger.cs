using Microsoft.Extensions.Logging;
using OrleansMemory.Diagnostics;

namespace OrleansMemory.Grains.Diagnostics.Logs;

/// <summary>Passes redacted lines on, and those that come again and again as their number.</summary>
/// <param name="inner">The logger of the host.</param>
/// <param name="repetition">Counts what comes again.</param>
internal sealed class RedactingLogger(ILogger inner, string category, LogRepetition repetition) : ILogger
{
    /// <inheritdoc />
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(LogRedaction.Clean(state.ToString() ?? ""));

    /// <inheritdoc />
    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(LogRedaction.LevelOf(category, logLevel));

    /// <inheritdoc />
    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        ArgumentNullException.ThrowIfNull(formatter);
        logLevel = LogRedaction.LevelOf(category, logLevel);
        if (!inner.IsEnabled(logLevel) || !repetition.IsFirst(inner, category, logLevel, eventId))
        {
            return;
        }

        // Below Error a stack is of no use to who reads it: what happened is in the line, and who it happened to is answered.
        string text = LogRedaction.Clean(formatter(state, null));
        bool withStack = logLevel >= LogLevel.Error;
        if (exception is not null && !withStack)
        {
            text = $"{text} ({RedactedException.Describe(exception)})";
        }

        var line = new RedactedLine(
            text,
            state is IEnumerable<KeyValuePair<string, object?>> values
                ? [.. values.Select(value => KeyValuePair.Create(value.Key, LogRedaction.Clean(value.Value)))]
                : []
        );
        inner.Log(
            logLevel,
            eventId,
            line,
            exception is not null && withStack ? new RedactedException(exception) : null,
            static (line, _) => line.ToString()
        );
    }
}
