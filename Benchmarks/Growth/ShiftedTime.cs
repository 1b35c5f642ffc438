namespace OrleansMemory.Benchmarks.Growth;

/// <summary>A clock that runs as the system's does and can be put ahead: days of conversations within seconds.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long _ticks;

    /// <summary>Puts it ahead.</summary>
    /// <param name="by">How far, beside what it is ahead already.</param>
    public void Shift(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ticks));
}
