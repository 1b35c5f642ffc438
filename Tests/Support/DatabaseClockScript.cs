using System.Collections.Immutable;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Clocks;

namespace OrleansMemory.Tests.Support;

/// <summary>A database's clock that a test sets, and whose answers take as long as it says.</summary>
internal sealed class DatabaseClockScript(TimeProvider host, ManualUtcClock wall) : IDatabaseClock
{
    private int _asked;

    /// <summary>How often it was asked for samples.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>Whether it does not answer.</summary>
    public bool IsDown { get; set; }

    /// <summary>Runs before each answer.</summary>
    public Func<Task> BeforeAnswer { get; set; } = () => Task.CompletedTask;

    /// <summary>
    /// Of each sample the round trip, and how much of it has passed when the clock is read. Without any, answers take no time.
    /// </summary>
    public ImmutableArray<(TimeSpan RoundTrip, TimeSpan ReadAfter)> Trips { get; set; } = [];

    public async Task<ImmutableArray<ClockSample>> SampleAsync(int samples, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        await BeforeAnswer();
        if (IsDown)
        {
            throw new MemoryUnavailableException(TimeSpan.FromSeconds(1));
        }

        // All are answered now; a clock that was read before the answer said less.
        return Trips.IsEmpty
            ? [.. Enumerable.Repeat(new ClockSample(wall.GetUtcNow(), host.GetTimestamp(), TimeSpan.Zero), samples)]
            :
            [
                .. Trips.Select(trip => new ClockSample(
                    wall.GetUtcNow() - (trip.RoundTrip - trip.ReadAfter),
                    host.GetTimestamp(),
                    trip.RoundTrip
                )),
            ];
    }
}
