using OrleansMemory.Benchmarks.Http;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Processes;
using OrleansMemory.Benchmarks.Reporting;

namespace OrleansMemory.Benchmarks.Tenants;

/// <summary>
/// The same over HTTP: how much longer do the slowest turns of a tenant take while another one sends on many connections?
/// </summary>
/// <remarks>
/// Generators, silo and PostgreSQL share the processors. The generator of the flood, which elsewhere has a machine of its own, has the
/// lowest priority: what the silo and PostgreSQL do for the flood is in the figure, what the generator does is as little of it as can be.
/// </remarks>
internal sealed class HttpFlood : IBenchmark
{
    private const int Flooders = 256;

    private const string CalmKey = "key-of-the-calm-tenant-0001";
    private const string FloodKey = "key-of-the-flooding-tenant-0001";

    public string Name => "http-flood";

    public async Task RunAsync(BenchmarkRun run)
    {
        await using SiloProcess silo = await SiloProcess.StartAsync(
            run.Silo,
            await run.Database.CreateSchemaAsync(),
            new("OrleansMemory__ApiKeys__0__Key", CalmKey),
            new("OrleansMemory__ApiKeys__0__Tenant", "calm"),
            new("OrleansMemory__ApiKeys__1__Key", FloodKey),
            new("OrleansMemory__ApiKeys__1__Tenant", "flood")
        );
        await using var calm = new LoadProcess(run, [silo]);
        await using var flood = new LoadProcess(run, [silo], yields: true);
        await flood.WarmUpAsync(LoadRequest.Turn, FloodKey);
        var floods = new List<LoadOutcome>();
        LoadOutcome[][] reached = await run.AlternateAsync(() => calm.RunAsync(LoadRequest.Turn, 1, CalmKey), FloodedAsync);
        Samples alone = Samples.Of(reached[0], outcome => outcome.P99);
        Samples flooded = Samples.Of(reached[1], outcome => outcome.P99);
        run.Report(
            new Figure(
                Name,
                FormattableString.Invariant($"turn over HTTP of a tenant while another floods on {Flooders} connections, p99"),
                "ms",
                flooded
            )
            {
                Floor = Comparison.Of("itself, alone", flooded, alone),
                Target = Target.RatioAtMost(3),
            }
        );
        Samples median = Samples.Of(reached[1], outcome => outcome.P50);
        run.Report(
            new Figure(Name, "the same, p50", "ms", median)
            {
                Floor = Comparison.Of("itself, alone", median, Samples.Of(reached[0], outcome => outcome.P50)),
            }
        );
        run.Report(new Figure(Name, "turns of the flood meanwhile", "/s", Samples.Of([.. floods], outcome => outcome.PerSecond)));

        async Task<LoadOutcome> FloodedAsync()
        {
            Task<LoadOutcome> flooding = flood.RunAsync(LoadRequest.Turn, Flooders, FloodKey);
            LoadOutcome measured = await calm.RunAsync(LoadRequest.Turn, 1, CalmKey);
            floods.Add(await flooding);
            return measured;
        }
    }
}
