using System.Diagnostics;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Processes;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Conversations;

namespace OrleansMemory.Benchmarks.Resources;

/// <summary>What does a turn allocate, what does an active conversation hold, and what does an idle silo cost?</summary>
internal sealed class SiloResources : IBenchmark
{
    // A conversation of a usual length, and enough of them to see through what else moves on the heap.
    private const int Messages = 20;
    private const int Conversations = 5_000;

    private const double KibiBytes = 1_024;

    // Long enough for sweeps, beats and reminders to have run.
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);

    public string Name => "resources";

    public async Task RunAsync(BenchmarkRun run)
    {
        await using (BenchmarkHost host = await BenchmarkHost.StartAsync(await run.Database.CreateSchemaAsync()))
        {
            await AllocationAsync(run, host);
            await ActiveAsync(run, host);
        }

        await using SiloProcess silo = await SiloProcess.StartAsync(run.Silo, await run.Database.CreateSchemaAsync());
        using Process process = Process.GetProcessById(silo.Id);
        await Task.Delay(Idle);
        TimeSpan before = process.TotalProcessorTime;
        await Task.Delay(Idle);
        process.Refresh();
        TimeSpan used = process.TotalProcessorTime - before;
        run.Report(new Figure(Name, "resident memory of an idle silo", "MiB", Samples.Of(process.WorkingSet64 / KibiBytes / KibiBytes)));
        run.Report(
            new Figure(Name, "processor time of an idle silo per second", "ms", Samples.Of(used.TotalMilliseconds / Idle.TotalSeconds))
        );
    }

    private async Task AllocationAsync(BenchmarkRun run, BenchmarkHost host)
    {
        IConversationGrain[] conversations =
        [
            .. Enumerable.Range(0, 256).Select(i => host.Conversation(FormattableString.Invariant($"allocating-{i}"))),
        ];
        async Task<double> MeasureAsync(Func<int, ValueTask> operation)
        {
            long before = GC.GetTotalAllocatedBytes();
            long count = 0;
            await run.LoopAsync(
                conversations.Length,
                async caller =>
                {
                    await operation(caller);
                    Interlocked.Increment(ref count);
                }
            );
            return (GC.GetTotalAllocatedBytes() - before) / KibiBytes / count;
        }

        double[][] allocated = await run.AlternateAsync(
            () => MeasureAsync(async caller => await conversations[caller].CommitAsync(ConversationInput.Turn())),
            () => MeasureAsync(async caller => await conversations[caller].GetHeadAsync())
        );
        Samples turns = Samples.Of(allocated[0], bytes => bytes);
        run.Report(
            new Figure(Name, "allocated for one append in process, 256 callers", "KiB", turns)
            {
                Floor = Comparison.Of("for one read of a head", turns, Samples.Of(allocated[1], bytes => bytes)),
            }
        );
    }

    private async Task ActiveAsync(BenchmarkRun run, BenchmarkHost host)
    {
        string[] ids = [.. Enumerable.Range(0, Conversations).Select(i => FormattableString.Invariant($"active-{i}"))];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        await Parallel.ForEachAsync(
            ids,
            new ParallelOptions { MaxDegreeOfParallelism = 64 },
            async (id, _) =>
            {
                // As messages that have come from elsewhere: each with a text of its own.
                NewMessage[] messages =
                [
                    .. Enumerable
                        .Range(0, Messages)
                        .Select(_ => ConversationInput.Message with { Contents = new string(ConversationInput.Contents.AsSpan()) }),
                ];
                await host.Conversation(id).CommitAsync(ConversationInput.Turn() with { Messages = [.. messages] }, CancellationToken.None);
            }
        );
        double bytes = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / Conversations;
        run.Report(new Figure(Name, $"memory of an active conversation of {Messages} messages", "KiB", Samples.Of(bytes / KibiBytes)));
    }
}
