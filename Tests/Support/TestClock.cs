namespace OrleansMemory.Tests.Support;

/// <summary>A clock that stands still until a test moves it. Timers fire while it is moved, in the order in which they are due.</summary>
/// <remarks>
/// Callbacks run on the thread that moves the clock, and see the time at which they were due. A timer that is due at once when it
/// is set fires on the thread pool, as with the system's clock. All members may be used from any thread.
/// </remarks>
public sealed class TestClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly Lock _moving = new();
    private readonly List<TestTimer> _timers = [];
    private readonly List<(int Timers, TaskCompletionSource Reached)> _waits = [];
    private readonly DateTimeOffset _start;
    private DateTimeOffset _now;
    private long _order;

    public TestClock()
        : this(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    public TestClock(DateTimeOffset start)
    {
        _start = start;
        _now = start;
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How many timers wait for their time.</summary>
    public int PendingTimers
    {
        get
        {
            lock (_lock) return _timers.Count;
        }
    }

    /// <summary>Completes as soon as at least so many timers wait for their time.</summary>
    public Task WhenPendingAsync(int timers)
    {
        lock (_lock)
        {
            var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waits.Add((timers, source));
            AnswerWaits();
            return source.Task;
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now;
    }

    public override long GetTimestamp()
    {
        lock (_lock) return (_now - _start).Ticks;
    }

    /// <summary>Moves the clock on and fires what becomes due on the way.</summary>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        SetUtcNow(GetUtcNow() + time);
    }

    /// <summary>Moves the clock to a later time and fires what becomes due on the way.</summary>
    public void SetUtcNow(DateTimeOffset value)
    {
        lock (_moving)
        {
            while (TakeDue(value) is { } timer) timer.Fire();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new TestTimer(this, callback, state, ExecutionContext.Capture());
        timer.Change(dueTime, period);
        return timer;
    }

    // Moves the time to that of the next timer due, or to the end when there is none.
    private TestTimer? TakeDue(DateTimeOffset end)
    {
        lock (_lock)
        {
            if (end < _now) throw new ArgumentOutOfRangeException(nameof(end), end, "The clock does not go back.");
            var next = _timers.Where(timer => timer.Due <= end).MinBy(static timer => (timer.Due, timer.Order));
            if (next is null)
            {
                _now = end;
                return null;
            }

            if (next.Due > _now) _now = next.Due;
            Rearm(next);
            return next;
        }
    }

    private void Rearm(TestTimer timer)
    {
        _timers.Remove(timer);
        if (timer.Period <= TimeSpan.Zero) return;
        Arm(timer, timer.Due + timer.Period);
    }

    private void Arm(TestTimer timer, DateTimeOffset due)
    {
        timer.Due = due;
        timer.Order = _order++;
        _timers.Add(timer);
        AnswerWaits();
    }

    private void AnswerWaits() => _waits.RemoveAll(wait => _timers.Count >= wait.Timers && wait.Reached.TrySetResult());

    private sealed class TestTimer(TestClock clock, TimerCallback callback, object? state, ExecutionContext? flow) : ITimer
    {
        private bool _disposed;

        internal DateTimeOffset Due { get; set; }

        internal long Order { get; set; }

        internal TimeSpan Period { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                if (_disposed) return false;
                clock._timers.Remove(this);
                Period = period;
                if (dueTime < TimeSpan.Zero) return true;
                clock.Arm(this, clock._now + dueTime);
                if (dueTime > TimeSpan.Zero) return true;
                clock.Rearm(this);
            }

            ThreadPool.QueueUserWorkItem(static timer => timer.Fire(), this, preferLocal: false);
            return true;
        }

        public void Dispose()
        {
            lock (clock._lock)
            {
                _disposed = true;
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        internal void Fire()
        {
            if (flow is null) callback(state);
            else ExecutionContext.Run(flow, new(callback), state);
        }
    }
}
