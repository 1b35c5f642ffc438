using System.Diagnostics;

namespace OrleansMemory.Benchmarks.Measuring;

/// <summary>
/// Times single operations of several kinds, one of each in turn, so that what happens on the machine hits all kinds alike.
/// </summary>
internal static class PairedTimes
{
    /// <summary>Runs the operations.</summary>
    /// <param name="rounds">How many rounds of operations count; a tenth as many before them do not.</param>
    /// <param name="operations">One operation of each kind; it is told its round, from 0.</param>
    /// <returns>For every kind the milliseconds that its operations took.</returns>
    public static async Task<Samples[]> RunAsync(int rounds, params Func<int, Task<TimeSpan>>[] operations)
    {
        double[][] milliseconds = [.. operations.Select(_ => new double[rounds])];
        int warmUp = rounds / 10;
        for (int round = 0; round < warmUp + rounds; round++)
        {
            for (int turn = 0; turn < operations.Length; turn++)
            {
                int kind = (round + turn) % operations.Length;
                TimeSpan taken = await operations[kind](round);
                if (round >= warmUp)
                {
                    milliseconds[kind][round - warmUp] = taken.TotalMilliseconds;
                }
            }
        }

        return [.. milliseconds.Select(values => new Samples(values))];
    }

    /// <summary>Times one operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <returns>How long it took.</returns>
    public static async Task<TimeSpan> TimeAsync(Func<Task> operation)
    {
        long started = Stopwatch.GetTimestamp();
        await operation();
        return Stopwatch.GetElapsedTime(started);
    }
}
