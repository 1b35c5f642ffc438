namespace OrleansMemory.Tests.Support;

/// <summary>
/// A clock that goes on by pauses alone: what the machine takes for anything else costs no time, and something can be done during each
/// pause. A pause is what is shorter than a second; longer time-outs are those of the system's clock, and no time passes by them.
/// </summary>
public sealed class SteppedClock : TimeProvider
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private long _ticks;

    /// <summary>The sum of all pauses.</summary>
    public TimeSpan Waited => TimeSpan.FromTicks(GetTimestamp());

    /// <summary>Done during each pause.</summary>
    public Func<Task> Between { get; set; } = static () => Task.CompletedTask;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        dueTime >= LongestPause ? System.CreateTimer(callback, state, dueTime, period) : new Pause(StepAsync(callback, state, dueTime));

    private async Task StepAsync(TimerCallback callback, object? state, TimeSpan dueTime)
    {
        await Task.Yield();
        try
        {
            await Between();
        }
        finally
        {
            Interlocked.Add(ref _ticks, dueTime.Ticks);
            callback(state);
        }
    }

    // It is awaited to its end by whoever waits for the pause.
    private sealed class Pause(Task step) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => false;

        public void Dispose() { }

        public ValueTask DisposeAsync() => new(step);
    }
}
