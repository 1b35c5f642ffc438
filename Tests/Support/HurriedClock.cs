namespace OrleansMemory.Tests.Support;

/// <summary>A clock that goes faster than the system's: pauses and time-outs are as much shorter as it measures more time.</summary>
/// <param name="factor">How many times faster.</param>
public sealed class HurriedClock(int factor) : TimeProvider
{
    private long _waited;

    /// <summary>The sum of all pauses that were waited out, by this clock: what the machine takes for anything else is not in it.</summary>
    public TimeSpan Waited => TimeSpan.FromTicks(Interlocked.Read(ref _waited));

    public override long GetTimestamp() => System.GetTimestamp() * factor;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(
        fired =>
        {
            Interlocked.Add(ref _waited, dueTime.Ticks);
            callback(fired);
        },
        state,
        Shorten(dueTime),
        Shorten(period));

    private TimeSpan Shorten(TimeSpan time) => time > TimeSpan.Zero ? time / factor : time;
}
