using Orleans.Runtime.Timers;

namespace Orleans.Runtime.ReminderService;

/// <summary>A reminder that this process watches. Ticks of one reminder never overlap; the next is counted from the times in its
/// row.</summary>
internal sealed class LocalReminder : IDisposable
{
    // Timers reach no further than 49 days; a day is short enough to follow a clock that is set.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Func<LocalReminder, DateTime, Task> _tick;
    private readonly ITimer _timer;
    private DateTime _due;
    private bool _disposed;

    /// <param name="entry">The row.</param>
    /// <param name="time">The clock.</param>
    /// <param name="tick">Sends a tick; must not throw.</param>
    internal LocalReminder(ReminderEntry entry, TimeProvider time, Func<LocalReminder, DateTime, Task> tick)
    {
        Entry = entry;
        _time = time;
        _tick = tick;
        _timer = time.CreateUnflowedTimer(
            static state => _ = ((LocalReminder)state!).OnTimerAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    internal ReminderEntry Entry { get; }

    /// <summary>Waits for the first tick: at the start of the reminder, or at the next multiple of its period when that has
    /// passed.</summary>
    /// <param name="isNew">Whether a start that has just been reached is still to tick.</param>
    internal void Start(bool isNew) => WaitFor(isNew ? Entry.StartAt : NextAfter(Now));

    public void Dispose()
    {
        lock (_lock) _disposed = true;
        _timer.Dispose();
    }

    private DateTime Now => _time.GetUtcNow().UtcDateTime;

    private DateTime NextAfter(DateTime now)
    {
        if (now < Entry.StartAt) return Entry.StartAt;
        if (Entry.Period <= TimeSpan.Zero) return now;
        var passed = (now - Entry.StartAt).Ticks / Entry.Period.Ticks;
        return Entry.StartAt + TimeSpan.FromTicks((passed + 1) * Entry.Period.Ticks);
    }

    private void WaitFor(DateTime due)
    {
        lock (_lock)
        {
            if (_disposed) return;
            _due = due;
            var wait = due - Now;
            _timer.Change(wait <= TimeSpan.Zero ? TimeSpan.Zero : wait < LongestWait ? wait : LongestWait, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task OnTimerAsync()
    {
        DateTime due;
        lock (_lock)
        {
            if (_disposed) return;
            due = _due;
        }

        var now = Now;
        if (now < due)
        {
            WaitFor(due);
            return;
        }

        await _tick(this, now);
        WaitFor(NextAfter(Now));
    }
}
