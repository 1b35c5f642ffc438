using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Conversations;

namespace OrleansMemory.Benchmarks.Lengths;

/// <summary>Does an append to a long conversation take longer than one to a short one? One caller, each length in turn.</summary>
internal sealed class AppendTimeByLength : IBenchmark
{
    // Enough for a steady median.
    private const int Rounds = 1_000;

    // A short conversation gets ten appends at most, so that it stays about as short as it is said to be.
    private const int AppendsToShort = 10;

    public string Name => "length";

    public async Task RunAsync(BenchmarkRun run)
    {
        LengthSchema schema = await run.LengthsAsync();
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(schema.Storage);
        Samples[] milliseconds = await PairedTimes.RunAsync(
            Rounds,
            await AppendToAsync(LengthSchema.Short, 2 * Rounds / AppendsToShort),
            await AppendToAsync(LengthSchema.Middle, 8),
            await AppendToAsync(LengthSchema.Long, 0)
        );
        Report(LengthSchema.Middle, milliseconds[1], target: null);
        Report(LengthSchema.Long, milliseconds[2], Target.RatioAtMost(1.2));

        async Task<Func<int, Task<TimeSpan>>> AppendToAsync(int length, int count)
        {
            IReadOnlyList<string> ids = await schema.ConversationsAsync(host, length, count);
            IConversationGrain[] grains = [.. ids.Select(host.Conversation)];
            foreach (IConversationGrain grain in grains)
            {
                await grain.GetHeadAsync();
            }

            return round =>
            {
                Turn turn = ConversationInput.Turn();
                return PairedTimes.TimeAsync(() => grains[round % grains.Length].CommitAsync(turn));
            };
        }

        void Report(int length, Samples taken, Target? target)
        {
            var median = Samples.Of(taken.Median);
            run.Report(
                new Figure(Name, FormattableString.Invariant($"p50 append at message {length:N0}"), "ms", median)
                {
                    Floor = Comparison.Of("at message 10", median, Samples.Of(milliseconds[0].Median)),
                    Target = target,
                }
            );
        }
    }
}
