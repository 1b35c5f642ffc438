using OrleansMemory.Benchmarks.Floors;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Conversations;

namespace OrleansMemory.Benchmarks.Appends;

/// <summary>How many durable appends a second do grains reach, against what the same server gives to hand-written group commits and single commits?</summary>
internal sealed class AppendThroughput : IBenchmark
{
    // DESIGN section 8 asks about 256 conversations; each has one caller, as conversations do.
    private const int Conversations = 256;

    // DESIGN section 8 compares with 32 connections; more of them are slower here.
    private const int SingleConnections = 32;

    public string Name => "appends";

    public async Task RunAsync(BenchmarkRun run)
    {
        await using GroupCommitFloor grouped = await GroupCommitFloor.StartAsync(run.Database, Conversations);
        await using SingleCommits single = await SingleCommits.StartAsync(run.Database, SingleConnections, Conversations);
        await using BareCommits bare = await BareCommits.StartAsync(run.Database);
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(await run.Database.CreateSchemaAsync());
        IConversationGrain[] grains = [.. Enumerable.Range(0, Conversations).Select(i => host.Conversation($"append-{i}"))];

        Samples[] reached = await run.AlternateAsync(
            Loop("raw group commit", Conversations, writer => grouped.AppendAsync(writer)),
            Loop("grains", Conversations, async caller => await grains[caller].CommitAsync(ConversationInput.Turn())),
            Loop("single commits", SingleConnections, writer => single.AppendAsync(writer)),
            Loop("bare commits", 1, _ => bare.CommitAsync()));

        const string What = "durable appends, 256 conversations, 256 callers";
        run.Report(new Figure(Name, What, "/s", reached[1])
        {
            Floor = Comparison.Of("raw group commit of the same rows", reached[1], reached[0]),
            Target = Target.RatioAtLeast(0.6),
        });
        run.Report(new Figure(Name, What, "/s", reached[1])
        {
            Floor = Comparison.Of("one INSERT and UPDATE per commit, 32 connections", reached[1], reached[2]),
            Target = Target.RatioAtLeast(3),
        });
        run.Report(new Figure(Name, "commits of one bare row, one connection", "/s", reached[3]));

        Contender Loop(string name, int callers, Func<int, ValueTask> operation) =>
            new(name, async () => (await ClosedLoop.RunAsync(callers, run.Slice, operation)).PerSecond);
    }
}
