using Microsoft.Extensions.Logging.Console;

namespace OrleansMemory.Silo.Hosting;

/// <summary>
/// The console without the lines that anybody may cause and no one can do anything about: the server writes an error for every request
/// whose trailers are no text, after it has answered. A caller could fill the disk with them, and they would hide what is worth an alarm.
/// </summary>
[ProviderAlias("Console")]
internal sealed class QuietConsole(ConsoleLoggerProvider console) : ILoggerProvider, ISupportExternalScope
{
    private const string Server = "Microsoft.AspNetCore.Server.Kestrel";

    // RequestBodyDrainBodyReaderInvalidState
    private const int BodyNotDrained = 67;

    /// <inheritdoc />
    public ILogger CreateLogger(string categoryName) =>
        categoryName == Server ? new ServerLogger(console.CreateLogger(categoryName)) : console.CreateLogger(categoryName);

    /// <inheritdoc />
    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => console.SetScopeProvider(scopeProvider);

    /// <inheritdoc />
    public void Dispose() => console.Dispose();

    private sealed class ServerLogger(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (eventId.Id != BodyNotDrained)
            {
                inner.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
