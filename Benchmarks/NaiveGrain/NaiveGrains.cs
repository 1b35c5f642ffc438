using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Clustering;

namespace OrleansMemory.Benchmarks.NaiveGrain;

/// <summary>
/// How many durable appends a second does a conversation of ours take, against a list in <c>IPersistentState</c> over ADO.NET storage?
/// </summary>
internal sealed class NaiveGrains : IBenchmark
{
    // DESIGN section 8 asks for 256 conversations; the peer gets as many callers.
    private const int Conversations = 256;

    // From a conversation that has just begun to one that a day has filled: the peer writes all of it each time.
    private static readonly int[] Lengths = [10, 100, Asked];

    // The length at which DESIGN section 8 sets a bound; the shorter ones are reported.
    private const int Asked = 1_000;

    public string Name => "naive";

    public async Task RunAsync(BenchmarkRun run)
    {
        PostgresStorageOptions storage = await run.Database.CreateSchemaAsync();
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(
            storage,
            silo: silo =>
                silo.AddAdoNetGrainStorage(
                    NaiveConversationGrain.Storage,
                    options =>
                    {
                        options.Invariant = ProviderConnection.Invariant;
                        options.ConnectionString = ProviderConnection.Make(storage);
                    }
                )
        );
        foreach (int length in Lengths)
        {
            await MeasureAsync(run, host, length);
        }
    }

    private async Task MeasureAsync(BenchmarkRun run, BenchmarkHost host, int length)
    {
        IConversationGrain[] ours = await Task.WhenAll(
            Enumerable.Range(0, Conversations).Select(_ => host.FillAsync(ConversationInput.NewId(), length))
        );
        INaiveConversationGrain[] naive =
        [
            .. Enumerable
                .Range(0, Conversations)
                .Select(i => host.Grains.GetGrain<INaiveConversationGrain>(FormattableString.Invariant($"naive-{length}-{i}"))),
        ];
        LoopResult[][] reached = await run.AlternateAsync(
            () => run.LoopAsync(Conversations, async caller => await ours[caller].CommitAsync(ConversationInput.Turn())),
            async () =>
            {
                // It starts at the length that is asked about each time: it would only get slower.
                await Task.WhenAll(naive.Select(grain => grain.FillAsync(length, ConversationInput.Contents)));
                return await run.LoopAsync(Conversations, async caller => await naive[caller].AppendAsync(ConversationInput.Contents));
            }
        );
        Samples appends = Samples.Of(reached[0], loop => loop.PerSecond);
        run.Report(
            new Figure(
                Name,
                FormattableString.Invariant($"durable appends to conversations of {length:N0} messages and more"),
                "/s",
                appends
            )
            {
                Floor = Comparison.Of("a list in IPersistentState over ADO.NET", appends, Samples.Of(reached[1], loop => loop.PerSecond)),
                Target = length == Asked ? Target.RatioAtLeast(40) : null,
            }
        );
    }
}
