using System.Diagnostics;

namespace OrleansMemory.Benchmarks.Measuring;

/// <summary>Callers that each start their next operation when the one before has been answered.</summary>
/// <param name="workAsync">Reads what was done until now.</param>
internal sealed class ClosedLoop(Func<Task<Work>> workAsync)
{
    // What starts a slice (first touches after a checkpoint, callers falling into step) is over by then, in our trials.
    private static readonly TimeSpan LeadIn = TimeSpan.FromSeconds(0.5);

    /// <summary>Runs callers for a while.</summary>
    /// <param name="callers">How many.</param>
    /// <param name="duration">How long, after a lead-in that is not counted.</param>
    /// <param name="operation">One operation of the caller with the given number, from 0.</param>
    /// <returns>What ended within the time.</returns>
    public async Task<LoopResult> RunAsync(int callers, TimeSpan duration, Func<int, ValueTask> operation)
    {
        long from = Stopwatch.GetTimestamp() + Ticks(LeadIn);
        long until = from + Ticks(duration);
        Task<Work> done = DoneAsync(duration);
        List<long>[] taken = await Task.WhenAll(
            Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(caller, from, until, operation)))
        );
        return new LoopResult(
            duration,
            [.. taken.SelectMany(ticks => ticks).Select(ticks => (double)ticks / Stopwatch.Frequency)],
            await done
        );
    }

    private static async Task<List<long>> CallAsync(int caller, long from, long until, Func<int, ValueTask> operation)
    {
        var taken = new List<long>();
        long started = Stopwatch.GetTimestamp();
        while (started < until)
        {
            await operation(caller);
            long ended = Stopwatch.GetTimestamp();
            if (ended >= from && ended < until)
            {
                taken.Add(ended - started);
            }

            started = ended;
        }

        return taken;
    }

    private async Task<Work> DoneAsync(TimeSpan duration)
    {
        await Task.Delay(LeadIn);
        Work before = await workAsync();
        await Task.Delay(duration);
        return await workAsync() - before;
    }

    private static long Ticks(TimeSpan duration) => (long)(duration.TotalSeconds * Stopwatch.Frequency);
}
