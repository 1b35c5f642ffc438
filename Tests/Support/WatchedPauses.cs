namespace OrleansMemory.Tests.Support;

/// <summary>The system's clock, which tells a test of each pause of a certain length.</summary>
/// <param name="shortest">The shortest pause that counts.</param>
/// <param name="longest">The longest pause that counts: time limits of calls are longer.</param>
internal sealed class WatchedPauses(TimeSpan shortest, TimeSpan longest) : TimeProvider
{
    /// <summary>Where pauses are seen.</summary>
    public Gate Paused { get; } = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime >= shortest && dueTime <= longest)
        {
            Paused.Signal();
        }

        return base.CreateTimer(callback, state, dueTime, period);
    }
}
