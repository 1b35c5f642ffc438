using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Memories;

namespace OrleansMemory.Benchmarks.Recall;

/// <summary>
/// Does a scope whose memories are long hold up the other grains of its thread, while they are recorded, read up and loaded? It is asked of
/// a silo whose code is not compiled yet.
/// </summary>
internal sealed class LongMemories : IBenchmark
{
    // What an assistant answers with: as long as an article, now and then. The others are turns of a chat.
    private const int Memories = 10_000;
    private const int PerRecording = 1_000;
    private const int LongWords = 1_000;
    private const int LongEvery = 5;

    public string Name => "long-memories";

    public async Task RunAsync(BenchmarkRun run)
    {
        var made = new MadeMemories();
        PostgresStorageOptions storage = await run.Database.CreateSchemaAsync();
        string scope = MemoryScope.Create(BenchmarkHost.Key("any").Tenant, user: "someone").ToString();
        using var longTurns = new LongTurns();
        await using (BenchmarkHost host = await LongTurns.StartHostAsync(storage))
        {
            IMemoryGrain grain = host.Grains.GetGrain<IMemoryGrain>(scope);
            var recalls = new List<double>();
            for (int first = 0; first < Memories; first += PerRecording)
            {
                await grain.RecordAsync(
                    new RecordRequest
                    {
                        Memories =
                        [
                            .. made.Turns(first, PerRecording)
                                .Select((turn, i) => i % LongEvery == 0 ? turn with { Text = made.Text(LongWords) } : turn),
                        ],
                    }
                );
                recalls.Add(
                    (await PairedTimes.TimeAsync(() => grain.RecallAsync(new RecallRequest { Query = made.Question() }))).TotalMilliseconds
                );
            }

            run.Report(
                new Figure(
                    Name,
                    FormattableString.Invariant($"a recall that reads up {PerRecording:N0} memories"),
                    "ms",
                    new Samples(recalls)
                )
            );
            run.Report(
                new Figure(Name, "grain turns over 50 ms while they were recorded", "", Samples.Of(longTurns.Count))
                {
                    Target = Target.AtMost(0),
                }
            );
        }

        await run.Database.SettleAsync();
        long before = longTurns.Count;
        await using BenchmarkHost again = await LongTurns.StartHostAsync(storage);
        TimeSpan cold = await PairedTimes.TimeAsync(() =>
            again.Grains.GetGrain<IMemoryGrain>(scope).RecallAsync(new RecallRequest { Query = made.Question() })
        );
        run.Report(new Figure(Name, "the first recall of the scope", "ms", Samples.Of(cold.TotalMilliseconds)));
        run.Report(
            new Figure(Name, "grain turns over 50 ms while it was loaded", "", Samples.Of(longTurns.Count - before))
            {
                Target = Target.AtMost(0),
            }
        );
    }
}
