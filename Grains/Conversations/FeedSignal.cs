namespace OrleansMemory.Grains.Conversations;

/// <summary>
/// What the waiting readers of one activation share: a signal that something may have changed, and an alarm for what changes by itself.
/// Readers keep their own places; here they are only counted.
/// </summary>
/// <remarks>
/// Used on the grain's scheduler. Only the alarm and a stopping host signal from elsewhere, and they touch nothing but the signal. A
/// wake-up in vain is harmless: readers look again.
/// </remarks>
/// <param name="timeProvider">The clock of the alarm.</param>
/// <param name="stopping">Fires when the host is about to stop.</param>
internal sealed class FeedSignal(TimeProvider timeProvider, CancellationToken stopping)
{
    // Some four times what it takes to wake a reader and to give it a page in the same process; under 2 ms timers are too coarse to be
    // worth it.
    private const int PacedReaders = 40;
    private static readonly TimeSpan PacePerReader = TimeSpan.FromMicroseconds(50);

    // What an alarm may be late by.
    private static readonly TimeSpan AlarmTolerance = TimeSpan.FromMilliseconds(5);

    private TaskCompletionSource _changed = NewSource();
    private CancellationTokenRegistration _stop;
    private ITimer? _alarm;
    private DateTimeOffset _alarmAt = DateTimeOffset.MaxValue;
    private volatile bool _rang;
    private ITimer? _pacer;
    private long _wokeAt;
    private long _round = 1;
    private volatile bool _isPaced;

    /// <summary>How many feeds are open.</summary>
    public int Readers { get; private set; }

    /// <summary>Whether the host is about to stop: no feed may wait any longer.</summary>
    public bool IsStopping => stopping.IsCancellationRequested;

    /// <summary>Completes with the next change. Whoever takes it before looking misses nothing that happens after.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>How often readers have been woken, from 1. Whoever takes it after <see cref="Changed"/> is woken when it changes.</summary>
    public long Round => Interlocked.Read(ref _round);

    /// <summary>
    /// Whether a reader that was given the end of the log waits for the next round, though the log has grown since: the turn that made it
    /// grow has asked for that round. Without this readers would run after every turn instead of being woken for many together.
    /// </summary>
    /// <param name="endedIn">The round in which it was given the end; 0 where it was not.</param>
    public bool IsNotYet(long endedIn) => Readers >= PacedReaders && endedIn == Round;

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
        _pacer?.Dispose();
        _pacer = null;
        _isPaced = false;
        _alarmAt = DateTimeOffset.MaxValue;
    }

    /// <summary>
    /// Says that something may have changed. Many readers are woken in rounds, so that a round does not begin while the one before it still
    /// takes the processor that turns need: what happens in between they are given together.
    /// </summary>
    public void Pulse()
    {
        if (Readers == 0 || _isPaced)
        {
            return;
        }

        TimeSpan left = (PacePerReader * Readers) - timeProvider.GetElapsedTime(_wokeAt);
        if (Readers < PacedReaders || left <= TimeSpan.Zero)
        {
            _wokeAt = timeProvider.GetTimestamp();
            Wake();
            return;
        }

        // It is over before readers are woken: a change that finds it so was there before they look.
        _isPaced = true;
        _pacer ??= timeProvider.CreateTimer(
            static signal => ((FeedSignal)signal!).EndPace(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
        _pacer.Change(left, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits for a change, an instant or the host's end.</summary>
    /// <param name="changed">What <see cref="Changed"/> was before the reader looked.</param>
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
        _alarm ??= timeProvider.CreateTimer(
            static signal => ((FeedSignal)signal!).Ring(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );

        // A timer counts from when it is set, and what is left was counted from when the clock was read. Where the clock went on in between
        // (the thread stood still, a test moved the clock), the alarm would be late by as much.
        DateTimeOffset read;
        do
        {
            read = timeProvider.GetUtcNow();
            double milliseconds = Math.Ceiling((until - read).TotalMilliseconds);
            _alarm.Change(TimeSpan.FromMilliseconds(Math.Max(0, milliseconds)), Timeout.InfiniteTimeSpan);
        } while (timeProvider.GetUtcNow() - read > AlarmTolerance);
    }

    private void Ring()
    {
        _rang = true;
        Wake();
    }

    private void EndPace()
    {
        _wokeAt = timeProvider.GetTimestamp();
        _isPaced = false;
        Wake();
    }

    private void Wake()
    {
        Interlocked.Increment(ref _round);
        Interlocked.Exchange(ref _changed, NewSource()).TrySetResult();
    }
}
