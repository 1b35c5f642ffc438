using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Benchmarks.Tenants;

/// <summary>How much longer do the slowest appends of a tenant take while another one sends as much as it can?</summary>
internal sealed class TenantFlood : IBenchmark
{
    // Twice the callers of the throughput figure, each with a conversation of its own: more than the silo can take at once.
    private const int Flooders = 512;

    public string Name => "flood";

    public async Task RunAsync(BenchmarkRun run)
    {
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(await run.Database.CreateSchemaAsync());
        IConversationGrain calm = host.ConversationOf("calm", "only");
        IConversationGrain[] flood =
        [
            .. Enumerable.Range(0, Flooders).Select(i => host.ConversationOf("flood", FormattableString.Invariant($"flood-{i}"))),
        ];
        long floodAppends = 0;
        long refused = 0;

        // One caller: its waits are the tenant's, not those of its own queue.
        Task<LoopResult> MeasureAsync() => run.LoopAsync(1, async _ => await calm.CommitAsync(ConversationInput.Turn()));
        LoopResult[][] reached = await run.AlternateAsync(MeasureAsync, FloodedAsync);
        foreach ((string name, double part) in new[] { ("p50", 0.5), ("p99", 0.99) })
        {
            Samples flooded = Samples.Of(reached[1], loop => loop.Milliseconds(part));
            run.Report(
                new Figure(Name, $"append of a tenant while another floods with {Flooders} callers, {name}", "ms", flooded)
                {
                    Floor = Comparison.Of("itself, alone", flooded, Samples.Of(reached[0], loop => loop.Milliseconds(part))),
                    Target = part == 0.99 ? Target.RatioAtMost(3) : null,
                }
            );
        }

        run.Report(new Figure(Name, "appends of the flood, all slices", "", Samples.Of(floodAppends)));
        run.Report(new Figure(Name, "appends of the flood that were refused", "", Samples.Of(refused)));

        async Task<LoopResult> FloodedAsync()
        {
            using var end = new CancellationTokenSource();
            Task[] flooding = [.. flood.Select(grain => Task.Run(() => FloodAsync(grain, end.Token), CancellationToken.None))];
            LoopResult measured = await MeasureAsync();
            await end.CancelAsync();
            await Task.WhenAll(flooding);
            return measured;
        }

        async Task FloodAsync(IConversationGrain grain, CancellationToken end)
        {
            while (!end.IsCancellationRequested)
            {
                try
                {
                    await grain.CommitAsync(ConversationInput.Turn(), CancellationToken.None);
                    Interlocked.Increment(ref floodAppends);
                }
                catch (MemoryOverloadedException)
                {
                    // A flood does not wait as it is told to.
                    Interlocked.Increment(ref refused);
                }
            }
        }
    }
}
