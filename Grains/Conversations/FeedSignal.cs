namespace OrleansMemory.Grains.Conversations;

/// <summary>
/// What the waiting readers of one activation share: a signal that something may have changed, and an alarm for what changes by itself. Readers keep their own
/// places; here they are only counted.
/// </summary>
/// <remarks>
/// Used on the grain's scheduler. Only the alarm and a stopping host signal from elsewhere, and they touch nothing but the signal. A wake-up in vain is
/// harmless: readers look again.
/// </remarks>
/// <param name="timeProvider">The clock of the alarm.</param>
/// <param name="stopping">Fires when the host is about to stop.</param>
internal sealed class FeedSignal(TimeProvider timeProvider, CancellationToken stopping)
{
    private TaskCompletionSource _changed = NewSource();
    private CancellationTokenRegistration _stop;
    private ITimer? _alarm;
    private DateTimeOffset _alarmAt = DateTimeOffset.MaxValue;
    private volatile bool _rang;

    /// <summary>How many feeds are open.</summary>
    public int Readers { get; private set; }

    /// <summary>Whether the host is about to stop: no feed may wait any longer.</summary>
    public bool IsStopping => stopping.IsCancellationRequested;

    /// <summary>Completes with the next change. Whoever takes it before looking misses nothing that happens after.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>Counts a reader in.</summary>
    public void Enter()
    {
        if (Readers++ == 0)
        {
            _stop = stopping.UnsafeRegister(static signal => ((FeedSignal)signal!).Wake(), this);
        }
    }

    /// <summary>Counts a reader out; the last one takes alarm and registration along.</summary>
    public void Leave()
    {
        if (--Readers > 0)
        {
            return;
        }

        _stop.Unregister();
        _alarm?.Dispose();
        _alarm = null;
        _alarmAt = DateTimeOffset.MaxValue;
    }

    /// <summary>Says that something may have changed.</summary>
    public void Pulse()
    {
        if (Readers > 0)
        {
            Wake();
        }
    }

    /// <summary>Waits for a change, an instant or the host's end.</summary>
    /// <param name="changed">What <see cref="Changed"/> was before the reader looked.</param>
    /// <param name="until">The instant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when it is time to look again.</returns>
    public Task WaitAsync(Task changed, DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (_rang || until < _alarmAt)
        {
            SetAlarm(until);
        }

        return changed.WaitAsync(cancellationToken);
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Timers count whole milliseconds: rounded down they would ring too early, over and over.
    private void SetAlarm(DateTimeOffset until)
    {
        _rang = false;
        _alarmAt = until;
        double milliseconds = Math.Ceiling((until - timeProvider.GetUtcNow()).TotalMilliseconds);
        TimeSpan due = TimeSpan.FromMilliseconds(Math.Max(0, milliseconds));
        _alarm ??= timeProvider.CreateTimer(static signal => ((FeedSignal)signal!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _alarm.Change(due, Timeout.InfiniteTimeSpan);
    }

    private void Ring()
    {
        _rang = true;
        Wake();
    }

    private void Wake() => Interlocked.Exchange(ref _changed, NewSource()).TrySetResult();
}
