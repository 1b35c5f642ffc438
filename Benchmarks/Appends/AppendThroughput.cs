using OrleansMemory.Benchmarks.Floors;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Conversations;

namespace OrleansMemory.Benchmarks.Appends;

/// <summary>
/// How many durable appends a second do grains reach, against what the same server gives to hand-written group commits and single commits?
/// </summary>
internal sealed class AppendThroughput : IBenchmark
{
    // DESIGN section 8 asks about 256 conversations; each has one caller, as conversations do.
    private const int Conversations = 256;

    // DESIGN section 8 compares with 32 connections.
    private const int SingleConnections = 32;

    public string Name => "appends";

    public async Task RunAsync(BenchmarkRun run)
    {
        await using GroupCommitFloor grouped = await GroupCommitFloor.StartAsync(run.Database, Conversations);
        await using SingleCommits single = await SingleCommits.StartAsync(run.Database, SingleConnections, Conversations);
        await using BareCommits bare = await BareCommits.StartAsync(run.Database);
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(await run.Database.CreateSchemaAsync());
        IConversationGrain[] grains = [.. Enumerable.Range(0, Conversations).Select(i => host.Conversation($"append-{i}"))];

        LoopResult[][] reached = await run.AlternateAsync(
            () => run.LoopAsync(Conversations, writer => grouped.AppendAsync(writer)),
            () => run.LoopAsync(Conversations, async caller => await grains[caller].CommitAsync(ConversationInput.Turn())),
            () => run.LoopAsync(SingleConnections, writer => single.AppendAsync(writer)),
            () => run.LoopAsync(1, _ => bare.CommitAsync())
        );
        Report(
            run,
            Samples.Of(reached[1], loop => loop.PerSecond),
            [.. reached.Select(loops => Samples.Of(loops, loop => loop.PerSecond))]
        );

        ReportGroups(run, [.. reached.Select(loops => Samples.Of(loops, loop => loop.PerTransaction))]);
        const string Work = "processor time of one append";
        ReportCost(run, $"{Work}, this process", [.. reached.Select(loops => Samples.Of(loops, loop => loop.ClientMicroseconds))]);
        ReportCost(run, $"{Work}, PostgreSQL", [.. reached.Select(loops => Samples.Of(loops, loop => loop.ServerMicroseconds))]);
    }

    private void Report(BenchmarkRun run, Samples grains, Samples[] all)
    {
        const string What = "durable appends, 256 conversations, 256 callers";
        run.Report(
            new Figure(Name, What, "/s", grains)
            {
                Floor = Comparison.Of("raw group commit of the same rows", grains, all[0]),
                Target = Target.RatioAtLeast(0.7),
            }
        );
        run.Report(
            new Figure(Name, What, "/s", grains)
            {
                Floor = Comparison.Of("one INSERT and UPDATE per commit, 32 connections", grains, all[2]),
                Target = Target.RatioAtLeast(3.5),
            }
        );
        run.Report(new Figure(Name, "commits of one bare row, one connection", "/s", all[3]));
    }

    private void ReportGroups(BenchmarkRun run, Samples[] all) =>
        run.Report(
            new Figure(Name, "appends that shared a transaction", "", all[1]) { Floor = Comparison.Of("raw group commit", all[1], all[0]) }
        );

    private void ReportCost(BenchmarkRun run, string what, Samples[] all) =>
        run.Report(new Figure(Name, what, "µs", all[1]) { Floor = Comparison.Of("raw group commit", all[1], all[0]) });
}
