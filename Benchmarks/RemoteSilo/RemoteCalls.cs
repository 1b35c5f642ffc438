using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage.Postgres;

namespace OrleansMemory.Benchmarks.RemoteSilo;

/// <summary>What does it cost that a conversation is active on another silo than its caller?</summary>
/// <remarks>Both silos are in this process, with TCP over the loopback between them: what it costs the network is not in it.</remarks>
internal sealed class RemoteCalls : IBenchmark
{
    // As many as in the benchmark of appends, so that the figures can be read beside each other.
    private const int Conversations = 256;

    public string Name => "remote";

    public async Task RunAsync(BenchmarkRun run)
    {
        PostgresStorageOptions storage = await run.Database.CreateSchemaAsync();
        await using BenchmarkHost home = await BenchmarkHost.StartAsync(storage);
        string[] ids = [.. Enumerable.Range(0, Conversations).Select(_ => ConversationInput.NewId())];

        // Active on the only silo there is, and there they stay when the second one joins.
        IConversationGrain[] local = await Task.WhenAll(ids.Select(id => home.FillAsync(id, 10)));
        await using BenchmarkHost away = await BenchmarkHost.StartAsync(storage);
        IConversationGrain[] remote = [.. ids.Select(away.Conversation)];
        LoopResult[][] appends = await run.AlternateAsync(
            () => run.LoopAsync(Conversations, async caller => await remote[caller].CommitAsync(ConversationInput.Turn())),
            () => run.LoopAsync(Conversations, async caller => await local[caller].CommitAsync(ConversationInput.Turn()))
        );
        Report(run, "durable appends from another silo, 256 callers", "/s", appends, loop => loop.PerSecond);
        Report(run, "processor time of an append from another silo", "µs", appends, loop => loop.ClientMicroseconds);

        MessageQuery newest = MessageQuery.Newest with { Limit = 20 };
        LoopResult[][] reads = await run.AlternateAsync(
            () => run.LoopAsync(1, async _ => await remote[0].GetMessagesAsync(newest)),
            () => run.LoopAsync(1, async _ => await local[0].GetMessagesAsync(newest))
        );
        Report(run, "last 20 messages from another silo, p50", "ms", reads, loop => loop.Milliseconds(0.5));
        Report(run, "last 20 messages from another silo, p99", "ms", reads, loop => loop.Milliseconds(0.99));
    }

    private void Report(BenchmarkRun run, string what, string unit, LoopResult[][] loops, Func<LoopResult, double> number)
    {
        Samples remote = Samples.Of(loops[0], number);
        run.Report(
            new Figure(Name, what, unit, remote) { Floor = Comparison.Of("from the same silo", remote, Samples.Of(loops[1], number)) }
        );
    }
}
