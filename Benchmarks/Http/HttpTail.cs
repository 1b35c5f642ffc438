using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Processes;
using OrleansMemory.Benchmarks.Reporting;

namespace OrleansMemory.Benchmarks.Http;

/// <summary>
/// How many reads of the newest messages a second does a silo answer over HTTP, against a route of the same silo that does nothing?
/// </summary>
internal sealed class HttpTail : IBenchmark
{
    // DESIGN section 8 asks about 64; each reads a conversation of its own.
    private const int Connections = 64;

    // More than are asked for, and no more than an activation holds.
    private const int Length = 40;

    public string Name => "http-tail";

    public async Task RunAsync(BenchmarkRun run)
    {
        await using SiloProcess silo = await SiloProcess.StartAsync(run.Silo, await run.Database.CreateSchemaAsync());
        using (RawConnection connection = await RawConnection.OpenAsync(silo.Port))
        {
            for (int i = 0; i < Connections; i++)
            {
                await connection.SucceedAsync(new RawTurn(silo.Port, LoadPlan.ConversationOf(i), Length).Next());
            }
        }

        await using var load = new LoadProcess(run, [silo]);
        await load.WarmUpAsync(LoadRequest.Tail);
        LoadOutcome[][] reached = await run.AlternateAsync(
            () => load.RunAsync(LoadRequest.Tail, Connections),
            () => load.RunAsync(LoadRequest.Nothing, Connections)
        );
        string what = FormattableString.Invariant($"last {LoadGenerator.TailMessages} messages over HTTP, {Connections} connections");
        const string Route = "GET /health/live of the same silo";
        Samples rate = Samples.Of(reached[0], outcome => outcome.PerSecond);
        run.Report(
            new Figure(Name, what, "/s", rate)
            {
                Floor = Comparison.Of(Route, rate, Samples.Of(reached[1], outcome => outcome.PerSecond)),
                Target = Target.RatioAtLeast(0.5),
            }
        );
        foreach (
            (string of, string unit, Func<LoadOutcome, double> number) in new (string, string, Func<LoadOutcome, double>)[]
            {
                ("p50", "ms", outcome => outcome.P50),
                ("p99", "ms", outcome => outcome.P99),
                ("processor time of the silo", "µs", outcome => outcome.SiloMicroseconds),
                ("processor time of the load generator", "µs", outcome => outcome.GeneratorMicroseconds),
            }
        )
        {
            Samples tail = Samples.Of(reached[0], number);
            run.Report(
                new Figure(Name, $"{what}, {of}", unit, tail) { Floor = Comparison.Of(Route, tail, Samples.Of(reached[1], number)) }
            );
        }
    }
}
