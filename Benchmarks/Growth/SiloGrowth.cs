using OrleansMemory.Benchmarks.Http;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Processes;
using OrleansMemory.Grains.Storage.Postgres;

namespace OrleansMemory.Benchmarks.Growth;

/// <summary>What do more silos bring, and what does a turn cost when its conversation is active on another one?</summary>
/// <remarks>
/// All silos, PostgreSQL and the load generator share this machine: a rate can rise only where processors are left over. What tells about
/// more machines is the processor time of a turn, by process. Of n silos the one that a request comes to has the conversation with a chance
/// of 1/n.
/// </remarks>
internal sealed class SiloGrowth : IBenchmark
{
    private static readonly int[] Sizes = [1, 2, 3];

    private static readonly int[] Connections = [64, 256];

    private const int Rounds = 3;

    // What makes a silo a member of the cluster of its tables.
    private static readonly Dictionary<string, string> Member = new()
    {
        ["OrleansMemory__Cluster__Membership"] = "Postgres",
        ["OrleansMemory__Cluster__AdvertisedAddress"] = "127.0.0.1",
    };

    public string Name => "growth-silos";

    public async Task RunAsync(BenchmarkRun run)
    {
        var curve = new GrowthCurve(run, Name, "silos");
        foreach (int size in run.UpToLargest(Sizes))
        {
            PostgresStorageOptions storage = await run.Database.CreateSchemaAsync();
            List<SiloProcess> silos = [];
            try
            {
                while (silos.Count < size)
                {
                    silos.Add(await SiloProcess.StartAsync(run.Silo, storage, Member));
                }

                await MeasureAsync(run, curve, silos);
            }
            finally
            {
                foreach (SiloProcess silo in silos)
                {
                    await silo.DisposeAsync();
                }
            }
        }
    }

    private static async Task MeasureAsync(BenchmarkRun run, GrowthCurve curve, List<SiloProcess> silos)
    {
        await using var load = new LoadProcess(run, [.. silos]);
        await load.WarmUpAsync();
        foreach (int connections in Connections)
        {
            var outcomes = new List<LoadOutcome>();

            // The first slices are not counted: each silo compiles what it is asked for.
            for (int round = -4; round < Rounds; round++)
            {
                await run.Database.SettleAsync();
                LoadOutcome outcome = await load.RunAsync(LoadRequest.Turn, connections);
                if (round >= 0)
                {
                    outcomes.Add(outcome);
                }
            }

            string what = FormattableString.Invariant($"turns over HTTP, {connections} connections");
            curve.Report(what, "/s", silos.Count, Samples.Of(outcomes, outcome => outcome.PerSecond));
            curve.Report(what + ", p50", "ms", silos.Count, Samples.Of(outcomes, outcome => outcome.P50));
            curve.Report(what + ", p99", "ms", silos.Count, Samples.Of(outcomes, outcome => outcome.P99));
            curve.Report(
                what + ", processor time of all silos for one",
                "µs",
                silos.Count,
                Samples.Of(outcomes, outcome => outcome.SiloMicroseconds)
            );
            curve.Report(
                what + ", processor time of PostgreSQL for one",
                "µs",
                silos.Count,
                Samples.Of(outcomes, outcome => outcome.PostgresMicroseconds)
            );
            curve.Report(
                what + ", processor time of the load generator for one",
                "µs",
                silos.Count,
                Samples.Of(outcomes, outcome => outcome.GeneratorMicroseconds)
            );
        }
    }
}
