using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OrleansMemory.Grains.Diagnostics.Logs;

/// <summary>
/// Keeps warnings and errors of one kind (a category and an event id) from being written again and again: the first one is written, those
/// of the next half a minute are counted, and their number is written then. A neighbour that dies would otherwise cost a line for every
/// call and every connection.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed partial class LogRepetition(TimeProvider time) : IDisposable
{
    /// <summary>How long lines of one kind are counted.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(string Category, int Id, LogLevel Level), Kind> _kinds = new();
    private volatile bool _isDisposed;

    /// <summary>Asks whether a line is written.</summary>
    /// <param name="logger">Where the number of those that are not is written.</param>
    /// <returns>Whether it is; else it is counted.</returns>
    public bool IsFirst(ILogger logger, string category, LogLevel level, EventId eventId)
    {
        // What ends a silo is always written.
        if (level is not (LogLevel.Warning or LogLevel.Error) || _isDisposed)
        {
            return true;
        }

        return _kinds
            .GetOrAdd(
                (category, eventId.Id, level),
                static (_, its) => new Kind(its.logger, its.level, its.eventId, its.time),
                (logger, level, eventId, time)
            )
            .IsFirst();
    }

    public void Dispose()
    {
        _isDisposed = true;
        foreach (Kind kind in _kinds.Values)
        {
            kind.Dispose();
        }
    }

    /// <summary>Lines of one kind.</summary>
    private sealed partial class Kind : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly ILogger _logger;
        private readonly LogLevel _level;
        private readonly EventId _eventId;
        private readonly ITimer _timer;
        private bool _isOpen;
        private int _counted;

        public Kind(ILogger logger, LogLevel level, EventId eventId, TimeProvider time)
        {
            _logger = logger;
            _level = level;
            _eventId = eventId;
            _timer = time.CreateTimer(static kind => ((Kind)kind!).Close(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public bool IsFirst()
        {
            lock (_lock)
            {
                if (_isOpen)
                {
                    _counted++;
                    return false;
                }

                _isOpen = true;
                _timer.Change(Window, Timeout.InfiniteTimeSpan);
                return true;
            }
        }

        public void Dispose()
        {
            _timer.Dispose();
            Close();
        }

        private void Close()
        {
            int counted;
            lock (_lock)
            {
                (counted, _counted, _isOpen) = (_counted, 0, false);
            }

            if (counted > 0)
            {
                LogCounted(_logger, _level, counted, _eventId.Id);
            }
        }

        [LoggerMessage(EventId = EventIds.OrleansRepeated, Message = "{Lines} more lines of event {Event} within half a minute")]
        private static partial void LogCounted(ILogger logger, LogLevel level, int lines, int @event);
    }
}
