using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.Postgres;

namespace OrleansMemory.Benchmarks.Reads;

/// <summary>What does a read of the newest messages cost while the conversation goes on, and is the store left in peace?</summary>
internal sealed class TailRead : IBenchmark
{
    // DESIGN section 8 asks about the last 20.
    private const int Messages = 20;

    // Longer than what an activation holds in memory.
    private const int Length = 1_000;

    private const string Id = "tail";

    public string Name => "tail";

    public async Task RunAsync(BenchmarkRun run)
    {
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(
            await run.Database.CreateSchemaAsync(),
            services =>
                services
                    .AddSingleton<CountingStore>(provider => new CountingStore(provider.GetRequiredService<PostgresStoreLifetime>().Store))
                    .AddSingleton<IConversationStore>(provider => provider.GetRequiredService<CountingStore>())
        );
        var store = (CountingStore)host.Store;
        IConversationGrain grain = await host.FillAsync(Id, Length);
        StoredConversation stored = await store.LoadAsync(BenchmarkHost.Key(Id), new TailBounds(1, 1), CancellationToken.None);

        MessageQuery newest = MessageQuery.Newest with { Limit = Messages };
        var scan = new MessageScan(1, long.MaxValue, null, MessageOrder.Descending, Messages, long.MaxValue);
        long othersOfGrains = 0;
        LoopResult[][] reached = await run.AlternateAsync(
            async () =>
            {
                long before = store.Others;
                LoopResult loop = await WhileAppendingAsync(grain, () => run.LoopAsync(1, async _ => await grain.GetMessagesAsync(newest)));
                othersOfGrains += store.Others - before;
                return loop;
            },
            () =>
                WhileAppendingAsync(
                    grain,
                    () => run.LoopAsync(1, async _ => await store.ReadMessagesAsync(stored.Lineage, scan, CancellationToken.None))
                )
        );
        foreach ((string name, double part) in new[] { ("p50", 0.5), ("p99", 0.99) })
        {
            Samples read = Samples.Of(reached[0], loop => 1_000 * loop.Milliseconds(part));
            run.Report(
                new Figure(Name, $"last {Messages} messages while appends go on, {name}", "µs", read)
                {
                    Floor = Comparison.Of("read from the store", read, Samples.Of(reached[1], loop => 1_000 * loop.Milliseconds(part))),
                }
            );
        }

        run.Report(
            new Figure(Name, "store operations other than commits during all these reads", "", Samples.Of(othersOfGrains))
            {
                Target = Target.AtMost(0),
            }
        );
    }

    /// <summary>Measures while one caller appends without a pause.</summary>
    private static async Task<LoopResult> WhileAppendingAsync(IConversationGrain grain, Func<Task<LoopResult>> measureAsync)
    {
        using var stop = new CancellationTokenSource();
        Task appending = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    await grain.CommitAsync(ConversationInput.Turn(), CancellationToken.None);
                }
            },
            CancellationToken.None
        );
        LoopResult measured = await measureAsync();
        await stop.CancelAsync();
        await appending;
        return measured;
    }
}
