using OrleansMemory.Benchmarks.Floors;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Processes;
using OrleansMemory.Benchmarks.Reporting;

namespace OrleansMemory.Benchmarks.Http;

/// <summary>
/// How many turns a second does a silo take over HTTP, with the load generator on the same processors, against inserts of PostgreSQL's own
/// benchmark?
/// </summary>
internal sealed class HttpTurns : IBenchmark
{
    // DESIGN section 8: as many connections as a small service has, and so many that group commit has something to share; with what to
    // reach.
    private static readonly (int Connections, double ToReach)[] Loads = [(64, 1.2), (256, 1.5)];

    public string Name => "http-turns";

    public async Task RunAsync(BenchmarkRun run)
    {
        PgBench inserts = await PgBench.CreateAsync(run.Database);
        await using SiloProcess silo = await SiloProcess.StartAsync(run.Silo, await run.Database.CreateSchemaAsync());
        await using var load = new LoadProcess(run, [silo]);
        await load.WarmUpAsync();
        LoadOutcome[][] reached = await run.AlternateAsync([
            .. Loads.Select(asked => (Func<Task<LoadOutcome>>)(() => load.RunAsync(LoadRequest.Turn, asked.Connections))),
            async () => LoadOutcome.OfRate(await inserts.RunAsync(run.Slice)),
        ]);
        Samples floor = Samples.Of(reached[^1], outcome => outcome.PerSecond);
        for (int i = 0; i < Loads.Length; i++)
        {
            Report(run, Loads[i].Connections, Loads[i].ToReach, reached[i], floor);
        }
    }

    private void Report(BenchmarkRun run, int connections, double toReach, LoadOutcome[] outcomes, Samples floor)
    {
        string what = FormattableString.Invariant($"turns over HTTP, {connections} connections");
        Samples rate = Samples.Of(outcomes, outcome => outcome.PerSecond);
        run.Report(
            new Figure(Name, what, "/s", rate)
            {
                Floor = Comparison.Of(FormattableString.Invariant($"pgbench single inserts, {PgBench.Clients} clients"), rate, floor),
                Target = Target.RatioAtLeast(toReach),
            }
        );
        run.Report(new Figure(Name, what + ", p50", "ms", Samples.Of(outcomes, outcome => outcome.P50)));
        run.Report(new Figure(Name, what + ", p99", "ms", Samples.Of(outcomes, outcome => outcome.P99)));
        run.Report(
            new Figure(Name, what + ", processor time of the silo", "µs", Samples.Of(outcomes, outcome => outcome.SiloMicroseconds))
        );
        run.Report(
            new Figure(Name, what + ", processor time of PostgreSQL", "µs", Samples.Of(outcomes, outcome => outcome.PostgresMicroseconds))
        );
        run.Report(
            new Figure(
                Name,
                what + ", processor time of the load generator",
                "µs",
                Samples.Of(outcomes, outcome => outcome.GeneratorMicroseconds)
            )
        );
    }
}
