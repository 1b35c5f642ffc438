using OrleansMemory.Benchmarks.Floors;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Conversations;

namespace OrleansMemory.Benchmarks.Appends;

/// <summary>
/// How long does a caller wait for a durable append, alone and among others, against a hand-written commit of the same rows?
/// </summary>
internal sealed class AppendLatency : IBenchmark
{
    // One caller sees the way through by itself; 32 are a busy machine: DESIGN section 8 compares both with as many connections, and bounds
    // the median.
    private static readonly (int Callers, double ToReach)[] Compared = [(1, 1.5), (32, 0.5)];

    // The callers of the throughput figure: what a wait is when the processors are full. So many connections no floor would have.
    private const int Many = 256;

    private static readonly (string Name, double Part)[] Parts = [("p50", Median), ("p99", 0.99), ("p99.9", 0.999)];

    private const double Median = 0.5;

    public string Name => "latency";

    public async Task RunAsync(BenchmarkRun run)
    {
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(await run.Database.CreateSchemaAsync());
        IConversationGrain[] grains = [.. Enumerable.Range(0, Many).Select(i => host.Conversation($"latency-{i}"))];
        foreach ((int callers, double toReach) in Compared)
        {
            await using SingleCommits single = await SingleCommits.StartAsync(
                run.Database,
                connections: callers,
                conversations: callers,
                journal: true
            );
            LoopResult[][] reached = await run.AlternateAsync(() => AppendAsync(callers), () => run.LoopAsync(callers, single.AppendAsync));
            Report(run, callers, reached[0], (reached[1], toReach));
        }

        Report(run, Many, (await run.AlternateAsync(() => AppendAsync(Many)))[0], floor: null);

        Task<LoopResult> AppendAsync(int callers) =>
            run.LoopAsync(callers, async caller => await grains[caller].CommitAsync(ConversationInput.Turn()));
    }

    private void Report(BenchmarkRun run, int callers, LoopResult[] loops, (LoopResult[] Loops, double ToReach)? floor)
    {
        foreach ((string name, double part) in Parts)
        {
            Samples taken = Samples.Of(loops, loop => loop.Milliseconds(part));
            run.Report(
                new Figure(Name, FormattableString.Invariant($"append, {callers} callers, {name}"), "ms", taken)
                {
                    Floor = floor is { } compared
                        ? Comparison.Of(
                            FormattableString.Invariant($"one INSERT, UPDATE and journal INSERT per commit, {callers} connections"),
                            taken,
                            Samples.Of(compared.Loops, loop => loop.Milliseconds(part))
                        )
                        : null,
                    Target = floor is { } bounded && part == Median ? Target.RatioAtMost(bounded.ToReach) : null,
                }
            );
        }
    }
}
