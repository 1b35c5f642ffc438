using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Conversations;

namespace OrleansMemory.Benchmarks.Appends;

/// <summary>How long does a caller wait for a durable append, alone and among others?</summary>
internal sealed class AppendLatency : IBenchmark
{
    // One caller sees the way through by itself; 32 are a busy machine; 256 are the callers of the throughput figure.
    private static readonly int[] Callers = [1, 32, 256];

    private static readonly (string Name, double Part)[] Parts = [("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999)];

    public string Name => "latency";

    public async Task RunAsync(BenchmarkRun run)
    {
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(await run.Database.CreateSchemaAsync());
        IConversationGrain[] grains = [.. Enumerable.Range(0, Callers.Max()).Select(i => host.Conversation($"latency-{i}"))];
        LoopResult[][] reached = await run.AlternateAsync(
            [.. Callers.Select(callers => (Func<Task<LoopResult>>)(() =>
                run.LoopAsync(callers, async caller => await grains[caller].CommitAsync(ConversationInput.Turn()))))]);
        for (int i = 0; i < Callers.Length; i++)
        {
            foreach ((string name, double part) in Parts)
            {
                run.Report(new Figure(
                    Name,
                    FormattableString.Invariant($"append, {Callers[i]} callers, {name}"),
                    "ms",
                    Samples.Of(reached[i], loop => loop.Milliseconds(part))));
            }
        }
    }
}
