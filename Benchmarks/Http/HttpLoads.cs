using OrleansMemory.Benchmarks.Floors;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Processes;
using OrleansMemory.Benchmarks.Reporting;

namespace OrleansMemory.Benchmarks.Http;

/// <summary>
/// What does a silo do over HTTP for one connection and for many: turns, reads, and turns that are read back from a live feed?
/// </summary>
internal sealed class HttpLoads : IBenchmark
{
    // More than are asked for, and no more than an activation holds.
    private const int Length = 40;

    private static readonly int[] Connections = [1, 16, 64, 256];

    public string Name => "http";

    public async Task RunAsync(BenchmarkRun run)
    {
        PgBench inserts = await PgBench.CreateAsync(run.Database);
        await using SiloProcess silo = await SiloProcess.StartAsync(run.Silo, await run.Database.CreateSchemaAsync());
        using (RawConnection connection = await RawConnection.OpenAsync(silo.Port))
        {
            for (int i = 0; i < Connections[^1]; i++)
            {
                await connection.SucceedAsync(new RawTurn(silo.Port, LoadPlan.ConversationOf(i), Length).Next());
            }
        }

        await using var load = new LoadProcess(run, [silo]);
        await load.WarmUpAsync();
        foreach (int connections in Connections)
        {
            LoadOutcome[][] reached = await run.AlternateAsync(
                () => load.RunAsync(LoadRequest.Turn, connections),
                () => load.RunAsync(LoadRequest.Feed, connections),
                () => load.RunAsync(LoadRequest.Tail, connections),
                () => load.RunAsync(LoadRequest.Nothing, connections),
                async () => LoadOutcome.OfRate(await inserts.RunAsync(run.Slice))
            );
            Report(
                run,
                "turns",
                connections,
                reached[0],
                FormattableString.Invariant($"pgbench single inserts, {PgBench.Clients} clients"),
                reached[4]
            );
            Report(run, "turns read back from a live feed", connections, reached[1], "turns alone", reached[0]);
            Report(run, "last 20 messages", connections, reached[2], "GET /health/live of the same silo", reached[3]);
        }
    }

    private void Report(BenchmarkRun run, string request, int connections, LoadOutcome[] outcomes, string floor, LoadOutcome[] floors)
    {
        string what = FormattableString.Invariant($"{request}, {connections} connections");
        Samples rate = Samples.Of(outcomes, outcome => outcome.PerSecond);
        run.Report(
            new Figure(Name, what, "/s", rate) { Floor = Comparison.Of(floor, rate, Samples.Of(floors, outcome => outcome.PerSecond)) }
        );
        foreach (
            (string of, string unit, Func<LoadOutcome, double> number) in new (string, string, Func<LoadOutcome, double>)[]
            {
                ("p50", "ms", outcome => outcome.P50),
                ("p99", "ms", outcome => outcome.P99),
                ("processor time of the silo", "µs", outcome => outcome.SiloMicroseconds),
                ("processor time of PostgreSQL", "µs", outcome => outcome.PostgresMicroseconds),
                ("processor time of the load generator", "µs", outcome => outcome.GeneratorMicroseconds),
            }
        )
        {
            run.Report(new Figure(Name, $"{what}, {of}", unit, Samples.Of(outcomes, number)));
        }
    }
}
