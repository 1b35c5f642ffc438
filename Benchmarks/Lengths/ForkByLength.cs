using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Conversations;

namespace OrleansMemory.Benchmarks.Lengths;

/// <summary>Does a fork of a long conversation take longer than one of a short one?</summary>
internal sealed class ForkByLength : IBenchmark
{
    // Enough for a steady median.
    private const int Rounds = 500;

    // As many parents as there are long ones: both kinds get equally many forks.
    private const int Parents = 2;

    public string Name => "fork";

    public async Task RunAsync(BenchmarkRun run)
    {
        LengthSchema schema = await run.LengthsAsync();
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(schema.Storage);
        Samples[] milliseconds = await PairedTimes.RunAsync(
            Rounds,
            await ForkOfAsync(LengthSchema.Short),
            await ForkOfAsync(LengthSchema.Long)
        );
        var median = Samples.Of(milliseconds[1].Median);
        run.Report(
            new Figure(Name, "p50 fork of 100,000 messages", "ms", median)
            {
                Floor = Comparison.Of("of 10 messages", median, Samples.Of(milliseconds[0].Median)),
                Target = Target.RatioAtMost(1.5),
            }
        );

        async Task<Func<int, Task<TimeSpan>>> ForkOfAsync(int length)
        {
            IConversationGrain[] parents = [.. (await schema.ConversationsAsync(host, length, Parents)).Select(host.Conversation)];
            return round =>
            {
                var request = new ForkRequest { NewId = "fork-" + ConversationInput.NewId() };
                return PairedTimes.TimeAsync(() => parents[round % parents.Length].ForkAsync(request));
            };
        }
    }
}
