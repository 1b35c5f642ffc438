namespace OrleansMemory.Tests.Support;

/// <summary>
/// A wall clock that stands still until it is moved. Timers and timestamps run in real time, so that a host that uses them goes on.
/// </summary>
public sealed class ManualUtcClock(DateTimeOffset start) : TimeProvider
{
    private long _ticks = start.UtcTicks;

    public ManualUtcClock()
        : this(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero)) { }

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
