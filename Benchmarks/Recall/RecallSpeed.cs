using System.Diagnostics;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Memories;

namespace OrleansMemory.Benchmarks.Recall;

/// <summary>How long does a recall take in a scope of many memories, how long does the scope take to become active, and what does it hold in memory?</summary>
internal sealed class RecallSpeed : IBenchmark
{
    // The size that DESIGN section 8 names, and ten times that: does it still work?
    private static readonly int[] Sizes = [10_000, 100_000];

    // Enough for a p99 that ten slow ones make.
    private const int Questions = 1_000;

    private const int PerRecording = 1_000;

    public string Name => "recall";

    public async Task RunAsync(BenchmarkRun run)
    {
        foreach (int size in Sizes)
        {
            PostgresStorageOptions storage = await run.Database.CreateSchemaAsync();
            await MeasureAsync(run, storage, size, asked: size == Sizes[0]);
        }
    }

    private async Task MeasureAsync(BenchmarkRun run, PostgresStorageOptions storage, int size, bool asked)
    {
        var made = new MadeMemories();
        string of = FormattableString.Invariant($"{size:N0} memories in the scope");
        string scope = MemoryScope.Create(BenchmarkHost.Key("any").Tenant, user: "someone").ToString();
        await using (BenchmarkHost filling = await BenchmarkHost.StartAsync(storage))
        {
            long started = Stopwatch.GetTimestamp();
            for (int first = 0; first < size; first += PerRecording)
            {
                await filling.Grains.GetGrain<IMemoryGrain>(scope).RecordAsync(new RecordRequest { Memories = made.Turns(first, PerRecording) });
            }

            run.Report(new Figure(Name, $"recorded, {PerRecording} in a call", "/s", Samples.Of(size / Stopwatch.GetElapsedTime(started).TotalSeconds)));

            // So that the next host, in this process, finds everything compiled.
            await filling.Grains.GetGrain<IMemoryGrain>(scope).RecallAsync(new RecallRequest { Query = made.Question() });
        }

        await run.Database.SettleAsync();
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(storage);
        IMemoryGrain grain = host.Grains.GetGrain<IMemoryGrain>(scope);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        TimeSpan first1 = await PairedTimes.TimeAsync(() => grain.RecallAsync(new RecallRequest { Query = made.Question() }));
        run.Report(new Figure(Name, $"the first recall, which makes the scope active, {of}", "ms", Samples.Of(first1.TotalMilliseconds))
        {
            Target = asked ? Target.AtMost(300) : null,
        });
        run.Report(new Figure(Name, $"held for one memory, {of}", "bytes", Samples.Of((GC.GetTotalMemory(forceFullCollection: true) - before) / (double)size)));

        var taken = new List<double>(Questions);
        for (int i = 0; i < Questions; i++)
        {
            var request = new RecallRequest { Query = made.Question() };
            taken.Add((await PairedTimes.TimeAsync(() => grain.RecallAsync(request))).TotalMilliseconds);
        }

        var milliseconds = new Samples(taken);
        run.Report(new Figure(Name, $"p50 of a recall, {of}", "ms", Samples.Of(milliseconds.Median)) { Target = asked ? Target.AtMost(2) : null });
        run.Report(new Figure(Name, $"p99 of a recall, {of}", "ms", Samples.Of(milliseconds.Quantile(0.99))) { Target = asked ? Target.AtMost(10) : null });
    }
}
