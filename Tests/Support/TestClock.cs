namespace OrleansMemory.Tests.Support;

/// <summary>A clock that stands still until a test moves it. Timers fire while it is moved, in the order in which they are due.</summary>
/// <remarks>
/// Callbacks run on the thread that moves the clock, and see the time at which they were due. A timer that is due at once when it
/// is set fires on the thread pool, as with the system's clock. All members may be used from any thread.
/// <para>
/// Code that waits until a time (<c>while (now &lt; due) await Task.Delay(due - now)</c>, as Orleans' reminders do) never ends on a clock
/// that stands still: <see cref="Task.Delay(TimeSpan, TimeProvider)"/> drops what is less than a millisecond, so that the timer fires
/// before the time, and the pause that is left is none. Give such code a clock with a <see cref="Lateness"/>.
/// </para>
/// </remarks>
public sealed class TestClock : TimeProvider
{
    // Code that reads the clock so often while it stands still does nothing but wait for it.
    private const int MostReads = 10_000;

    private readonly Lock _lock = new();
    private readonly Lock _moving = new();
    private readonly List<TestTimer> _timers = [];
    private readonly List<(int Timers, TaskCompletionSource Reached)> _waits = [];
    private readonly DateTimeOffset _start;
    private DateTimeOffset _now;
    private long _order;
    private int _reads;

    public TestClock()
        : this(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)) { }

    public TestClock(DateTimeOffset start)
    {
        _start = start;
        _now = start;
    }

    /// <summary>
    /// How much later than asked for timers fire, and how far the clock moves on by itself when it is read over and over without being
    /// moved. Timers of the system's clock are late, never early.
    /// </summary>
    /// <value>Nothing unless it is set: timers fire on time, and the clock stands still.</value>
    public TimeSpan Lateness { get; init; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How many timers wait for their time.</summary>
    public int PendingTimers
    {
        get
        {
            lock (_lock)
                return _timers.Count;
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
        lock (_lock)
        {
            if (Lateness > TimeSpan.Zero && ++_reads > MostReads)
                MoveTo(_now + Lateness);
            return _now;
        }
    }

    public override long GetTimestamp()
    {
        lock (_lock)
            return (_now - _start).Ticks;
    }

    /// <summary>Moves the clock on and fires what becomes due on the way.</summary>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        SetUtcNow(GetUtcNow() + time);
    }

    /// <summary>
    /// Moves the clock on as a process sees it that stood still: what became due meanwhile fires afterwards, and all of it late.
    /// </summary>
    public void Jump(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        lock (_moving)
        {
            lock (_lock)
                MoveTo(_now + time);
            Advance(TimeSpan.Zero);
        }
    }

    /// <summary>Moves the clock to a later time and fires what becomes due on the way.</summary>
    public void SetUtcNow(DateTimeOffset value)
    {
        lock (_moving)
        {
            if (value < GetUtcNow())
                throw new ArgumentOutOfRangeException(nameof(value), value, "The clock does not go back.");
            while (TakeDue(value) is { } timer)
                timer.Fire();
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
            var next = _timers.Where(timer => timer.Due <= end).MinBy(static timer => (timer.Due, timer.Order));
            MoveTo(next?.Due ?? end);
            if (next is not null)
                Rearm(next);
            return next;
        }
    }

    private void MoveTo(DateTimeOffset time)
    {
        if (time <= _now)
            return;
        _now = time;
        _reads = 0;
    }

    private void Rearm(TestTimer timer)
    {
        _timers.Remove(timer);
        if (timer.Period <= TimeSpan.Zero)
            return;
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
                if (_disposed)
                    return false;
                clock._timers.Remove(this);
                Period = period;
                if (dueTime < TimeSpan.Zero)
                    return true;
                clock.Arm(this, clock._now + dueTime + (dueTime > TimeSpan.Zero ? clock.Lateness : TimeSpan.Zero));
                if (dueTime > TimeSpan.Zero)
                    return true;
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
            if (flow is null)
                callback(state);
            else
                ExecutionContext.Run(flow, new(callback), state);
        }
    }
}
