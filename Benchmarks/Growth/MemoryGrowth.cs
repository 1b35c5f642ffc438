using System.Diagnostics;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Recall;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Memories;

namespace OrleansMemory.Benchmarks.Growth;

/// <summary>What becomes dearer when a scope shows more and more memories?</summary>
internal sealed class MemoryGrowth : IBenchmark
{
    // The last one is the default of MemoryOptions.MaxScopeMemories: what a scope shows beyond it, it does not show.
    private static readonly int[] Sizes = [100, 1_000, 10_000, 50_000, 200_000];

    // Enough for a p99 that five slow ones make.
    private const int Questions = 500;

    private const int Recordings = 200;

    private const int PerRecording = 1_000;

    public string Name => "growth-memories";

    public async Task RunAsync(BenchmarkRun run)
    {
        var curve = new GrowthCurve(run, Name, "memories in the scope");

        // The first pass is not counted: code is compiled.
        await MeasureAsync(run, curve: null, 1_000);
        foreach (int size in run.UpToLargest(Sizes))
        {
            await MeasureAsync(run, curve, size);
        }
    }

    private static async Task MeasureAsync(BenchmarkRun run, GrowthCurve? curve, int size)
    {
        PostgresStorageOptions storage = await run.Database.CreateSchemaAsync();
        var made = new MadeMemories();
        string scope = MemoryScope.Create(BenchmarkHost.Key("any").Tenant, agent: "helper", user: "someone").ToString();
        TableSizes before = await TableSizes.ReadAsync(storage);
        await using (BenchmarkHost filling = await BenchmarkHost.StartAsync(storage))
        {
            long started = Stopwatch.GetTimestamp();
            for (int first = 0; first < size; first += PerRecording)
            {
                await filling
                    .Grains.GetGrain<IMemoryGrain>(scope)
                    .RecordAsync(new RecordRequest { Memories = made.Turns(first, Math.Min(PerRecording, size - first)) });
            }

            curve?.Report("recorded, 1,000 in a call", "/s", size, size / Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        await run.Database.ExecuteInAsync(storage.Schema, "vacuum (analyze)");
        await run.Database.SettleAsync();
        TableSizes after = await TableSizes.ReadAsync(storage);
        if (curve is not null)
        {
            after.Report(curve, "memory", size, size, before);
        }

        await using BenchmarkHost host = await BenchmarkHost.StartAsync(storage);
        IMemoryGrain grain = host.Grains.GetGrain<IMemoryGrain>(scope);
        long held = GC.GetTotalMemory(forceFullCollection: true);
        TimeSpan cold = await PairedTimes.TimeAsync(() => grain.RecallAsync(new RecallRequest { Query = made.Question() }));
        curve?.Report("the first recall, which makes the scope active", "ms", size, cold.TotalMilliseconds);
        curve?.Report(
            "memory of the silo for one memory",
            "bytes",
            size,
            (GC.GetTotalMemory(forceFullCollection: true) - held) / (double)size
        );
        Samples recalls = await TimesAsync(Questions, () => grain.RecallAsync(new RecallRequest { Query = made.Question() }));
        curve?.Report("recall, p50", "ms", size, recalls.Median);
        curve?.Report("recall, p99", "ms", size, recalls.Quantile(0.99));
        int next = size;
        Samples records = await TimesAsync(Recordings, () => grain.RecordAsync(new RecordRequest { Memories = made.Turns(next++, 1) }));
        curve?.Report("record of one memory, p50", "ms", size, records.Median);
        Samples together = await TimesAsync(
            Recordings,
            async () =>
            {
                await grain.RecordAsync(new RecordRequest { Memories = made.Turns(next++, 1) });
                await grain.RecallAsync(new RecallRequest { Query = made.Question() });
            }
        );
        curve?.Report("record of one memory and the recall behind it, p50", "ms", size, together.Median);
    }

    private static async Task<Samples> TimesAsync(int count, Func<Task> operation)
    {
        double[] taken = new double[count];
        for (int i = 0; i < count; i++)
        {
            taken[i] = (await PairedTimes.TimeAsync(operation)).TotalMilliseconds;
        }

        return new Samples(taken);
    }
}
