using OrleansMemory.Benchmarks.Database;
using OrleansMemory.Benchmarks.Floors;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Conversations;

namespace OrleansMemory.Benchmarks.Hot;

/// <summary>
/// How fast is one conversation that many write to at once, does it stay so, and is every acknowledged message there once and in order?
/// </summary>
internal sealed class HotConversation : IBenchmark
{
    // DESIGN section 8 asks about 32.
    private const int Writers = 32;

    // The head row is updated by every batch: what its dead versions cost would show when many slices follow each other.
    private const int SlicesInARow = 6;

    private const string Id = "hot";

    public string Name => "hot";

    public async Task RunAsync(BenchmarkRun run)
    {
        await using SingleCommits single = await SingleCommits.StartAsync(run.Database, connections: 1, conversations: 1);
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(await run.Database.CreateSchemaAsync());
        IConversationGrain grain = host.Conversation(Id);
        List<long>[] acknowledged = [.. Enumerable.Range(0, Writers).Select(_ => new List<long>())];

        LoopResult[][] reached = await run.AlternateAsync(GrainsAsync, () => run.LoopAsync(1, single.AppendAsync));
        Samples hot = Samples.Of(reached[0], loop => loop.PerSecond);
        run.Report(
            new Figure(Name, $"durable appends to one conversation, {Writers} writers", "/s", hot)
            {
                Floor = Comparison.Of("single commits, one connection", hot, Samples.Of(reached[1], loop => loop.PerSecond)),
                Target = Target.RatioAtLeast(6),
            }
        );
        run.Report(new Figure(Name, "appends that shared a transaction", "", Samples.Of(reached[0], loop => loop.PerTransaction)));

        var row = new LoopResult[SlicesInARow];
        for (int i = 0; i < SlicesInARow; i++)
        {
            row[i] = await GrainsAsync();
        }

        Samples last = Samples.Of(row[(SlicesInARow / 2)..], loop => loop.PerSecond);
        run.Report(
            new Figure(Name, "the later half of six slices without a pause", "/s", last)
            {
                Floor = Comparison.Of("the earlier half", last, Samples.Of(row[..(SlicesInARow / 2)], loop => loop.PerSecond)),
            }
        );
        await CheckAsync(run, grain, [.. acknowledged.SelectMany(sequences => sequences)], host);

        Task<LoopResult> GrainsAsync() =>
            run.LoopAsync(
                Writers,
                async writer => acknowledged[writer].Add((await grain.CommitAsync(ConversationInput.Turn())).FirstSequence!.Value)
            );
    }

    private async Task CheckAsync(BenchmarkRun run, IConversationGrain grain, long[] acknowledged, BenchmarkHost host)
    {
        ConversationKey key = BenchmarkHost.Key(Id);
        string schema = host.Storage.Schema;
        long[] log = await run.Database.ReadRowFromAsync(schema, BenchmarkSql.CheckLog, key.Tenant, key.Id);
        Array.Sort(acknowledged);
        long wrong = acknowledged.Where((sequence, i) => sequence != i + 1).LongCount();
        bool whole =
            log.All(value => value == 1 || value == acknowledged.Length)
            && log[3] == 1
            && (await grain.GetHeadAsync())!.Version == acknowledged.Length;
        run.Report(
            new Figure(
                Name,
                $"of {acknowledged.Length:N0} acknowledged appends, lost, doubled or out of order",
                "",
                Samples.Of(whole ? wrong : double.PositiveInfinity)
            )
            {
                Target = Target.AtMost(0),
            }
        );
    }
}
