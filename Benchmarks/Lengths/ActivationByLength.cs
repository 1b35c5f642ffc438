using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Conversations;

namespace OrleansMemory.Benchmarks.Lengths;

/// <summary>How long does the first read of a conversation take that is not in memory, and does its length matter?</summary>
/// <remarks>
/// The grain is told to forget what it has loaded; that an activation is made as well costs microseconds (see the benchmark of calls).
/// </remarks>
internal sealed class ActivationByLength : IBenchmark
{
    // Enough for a steady median.
    private const int Rounds = 500;

    // As many different ones as there are long ones: both kinds are equally warm in the server's cache.
    private const int Conversations = 2;

    private static readonly MessageQuery Newest = MessageQuery.Newest with { Limit = 20 };

    public string Name => "activation";

    public async Task RunAsync(BenchmarkRun run)
    {
        LengthSchema schema = await run.LengthsAsync();
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(schema.Storage);
        Samples[] milliseconds = await PairedTimes.RunAsync(
            Rounds,
            await FirstReadOfAsync(LengthSchema.Short),
            await FirstReadOfAsync(LengthSchema.Middle),
            await FirstReadOfAsync(LengthSchema.Long)
        );
        Report(LengthSchema.Middle, milliseconds[1], target: null);
        Report(LengthSchema.Long, milliseconds[2], Target.RatioAtMost(1.5));
        run.Report(
            new Figure(Name, "p50 of the first read, 100,000 messages", "ms", Samples.Of(milliseconds[2].Median))
            {
                Target = Target.AtMost(5),
            }
        );
        run.Report(new Figure(Name, "p99 of the first read, 100,000 messages", "ms", Samples.Of(milliseconds[2].Quantile(0.99))));

        async Task<Func<int, Task<TimeSpan>>> FirstReadOfAsync(int length)
        {
            IConversationGrain[] grains = [.. (await schema.ConversationsAsync(host, length, Conversations)).Select(host.Conversation)];
            return async round =>
            {
                IConversationGrain grain = grains[round % grains.Length];
                await grain.RefreshAsync();
                return await PairedTimes.TimeAsync(() => grain.GetMessagesAsync(Newest));
            };
        }

        void Report(int length, Samples taken, Target? target)
        {
            var median = Samples.Of(taken.Median);
            run.Report(
                new Figure(Name, FormattableString.Invariant($"p50 of the first read, {length:N0} messages"), "ms", median)
                {
                    Floor = Comparison.Of("10 messages", median, Samples.Of(milliseconds[0].Median)),
                    Target = target,
                }
            );
        }
    }
}
