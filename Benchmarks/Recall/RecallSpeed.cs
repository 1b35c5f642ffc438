using System.Diagnostics;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Memories;

namespace OrleansMemory.Benchmarks.Recall;

/// <summary>
/// How long does a recall take in a scope of many memories, how long does the scope take to become active, and what does it hold in memory?
/// </summary>
internal sealed class RecallSpeed : IBenchmark
{
    // Ten times the size that DESIGN section 8 names: does it still work? It goes first: a silo that has been up for a while has its code
    // compiled.
    private static readonly int[] Sizes = [100_000, Asked];

    // The size that DESIGN section 8 names.
    private const int Asked = 10_000;

    // Enough for a p99 that ten slow ones make.
    private const int Questions = 1_000;

    private const int PerRecording = 1_000;

    public string Name => "recall";

    public async Task RunAsync(BenchmarkRun run)
    {
        foreach (int size in Sizes)
        {
            PostgresStorageOptions storage = await run.Database.CreateSchemaAsync();
            await MeasureAsync(run, storage, size, asked: size == Asked);
        }
    }

    private async Task MeasureAsync(BenchmarkRun run, PostgresStorageOptions storage, int size, bool asked)
    {
        var made = new MadeMemories();
        string of = FormattableString.Invariant($"{size:N0} memories in the scope");
        string tenant = BenchmarkHost.Key("any").Tenant;
        string scope = MemoryScope.Create(tenant, agent: "helper", user: "someone").ToString();

        // They show the same memories, and each is active by itself.
        string[] others = [MemoryScope.Create(tenant, agent: "helper").ToString(), MemoryScope.Create(tenant, user: "someone").ToString()];
        await using (BenchmarkHost filling = await BenchmarkHost.StartAsync(storage))
        {
            long started = Stopwatch.GetTimestamp();
            for (int first = 0; first < size; first += PerRecording)
            {
                await filling
                    .Grains.GetGrain<IMemoryGrain>(scope)
                    .RecordAsync(new RecordRequest { Memories = made.Turns(first, PerRecording) });
            }

            run.Report(
                new Figure(
                    Name,
                    $"recorded, {PerRecording} in a call",
                    "/s",
                    Samples.Of(size / Stopwatch.GetElapsedTime(started).TotalSeconds)
                )
            );
        }

        await run.Database.SettleAsync();
        using var longTurns = new LongTurns();
        await using BenchmarkHost host = await LongTurns.StartHostAsync(storage);
        IMemoryGrain grain = host.Grains.GetGrain<IMemoryGrain>(scope);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        TimeSpan cold = await ActivateAsync(grain);
        double held = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)size;
        var warm = new List<double>();
        foreach (string other in others)
        {
            warm.Add((await ActivateAsync(host.Grains.GetGrain<IMemoryGrain>(other))).TotalMilliseconds);
        }

        run.Report(
            new Figure(Name, $"the first recall of a scope, which makes it active, {of}", "ms", new Samples(warm))
            {
                Target = asked ? Target.AtMost(300) : null,
            }
        );
        run.Report(new Figure(Name, $"the same, of the first scope of the host, {of}", "ms", Samples.Of(cold.TotalMilliseconds)));
        run.Report(new Figure(Name, $"held for one memory, {of}", "bytes", Samples.Of(held)));

        long longWhileActivating = longTurns.Count;
        run.Report(
            new Figure(Name, $"grain turns over 50 ms while scopes became active, {of}", "", Samples.Of(longWhileActivating))
            {
                Target = asked ? Target.AtMost(0) : null,
            }
        );
        var taken = new List<double>(Questions);
        for (int i = 0; i < Questions; i++)
        {
            var request = new RecallRequest { Query = made.Question() };
            taken.Add((await PairedTimes.TimeAsync(() => grain.RecallAsync(request))).TotalMilliseconds);
        }

        var milliseconds = new Samples(taken);
        run.Report(
            new Figure(Name, $"p50 of a recall, {of}", "ms", Samples.Of(milliseconds.Median)) { Target = asked ? Target.AtMost(2) : null }
        );
        run.Report(
            new Figure(Name, $"p99 of a recall, {of}", "ms", Samples.Of(milliseconds.Quantile(0.99)))
            {
                Target = asked ? Target.AtMost(10) : null,
            }
        );
        run.Report(
            new Figure(
                Name,
                $"grain turns over 50 ms while {Questions:N0} recalls were answered, {of}",
                "",
                Samples.Of(longTurns.Count - longWhileActivating)
            )
            {
                Target = asked ? Target.AtMost(0) : null,
            }
        );

        Task<TimeSpan> ActivateAsync(IMemoryGrain idle) =>
            PairedTimes.TimeAsync(() => idle.RecallAsync(new RecallRequest { Query = made.Question() }));
    }
}
