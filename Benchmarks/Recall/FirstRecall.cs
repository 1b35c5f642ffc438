using System.Text;
using OrleansMemory.Benchmarks.Http;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Processes;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Memories;

namespace OrleansMemory.Benchmarks.Recall;

/// <summary>
/// How long does the very first recall take that a silo's process is asked for, in a scope of 10,000 memories: at once when it is ready,
/// and some seconds later?
/// </summary>
internal sealed class FirstRecall : IBenchmark
{
    private const int Memories = 10_000;
    private const int PerRecording = 1_000;
    private const double MaxMilliseconds = 300;
    private const string User = "someone";

    // The tenant of a silo without API keys.
    private const string LocalTenant = "default";

    // What a silo does in the background when it has started is over by then.
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(5);

    public string Name => "first-recall";

    public async Task RunAsync(BenchmarkRun run)
    {
        PostgresStorageOptions storage = await run.Database.CreateSchemaAsync();
        await FillAsync(storage);
        (double AtOnce, double Second)[][] reached = await run.AlternateAsync(
            () => MeasureAsync(run.Silo, storage, TimeSpan.Zero),
            () => MeasureAsync(run.Silo, storage, Later)
        );
        Report(run, "at once when it is ready", reached[0]);
        Report(run, "five seconds later", reached[1]);
    }

    private void Report(BenchmarkRun run, string when, (double First, double Second)[] reached)
    {
        run.Report(
            new Figure(
                Name,
                $"the first recall of a process over HTTP, {Memories:N0} memories, {when}",
                "ms",
                Samples.Of(reached, pair => pair.First)
            )
            {
                Target = Target.AtMost(MaxMilliseconds),
            }
        );
        run.Report(new Figure(Name, $"the second one, {when}", "ms", Samples.Of(reached, pair => pair.Second)));
    }

    private static async Task FillAsync(PostgresStorageOptions storage)
    {
        var made = new MadeMemories();
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(storage);
        IMemoryGrain grain = host.Grains.GetGrain<IMemoryGrain>(MemoryScope.Create(LocalTenant, user: User).ToString());
        for (int first = 0; first < Memories; first += PerRecording)
        {
            await grain.RecordAsync(new RecordRequest { Memories = made.Turns(first, PerRecording) });
        }
    }

    private static async Task<(double First, double Second)> MeasureAsync(string program, PostgresStorageOptions storage, TimeSpan pause)
    {
        var made = new MadeMemories();
        await using SiloProcess silo = await SiloProcess.StartAsync(program, storage);
        await Task.Delay(pause);
        using RawConnection connection = await RawConnection.OpenAsync(silo.Port);
        TimeSpan first = await PairedTimes.TimeAsync(() => connection.SucceedAsync(Request(silo.Port, made.Question())).AsTask());
        TimeSpan second = await PairedTimes.TimeAsync(() => connection.SucceedAsync(Request(silo.Port, made.Question())).AsTask());
        return (first.TotalMilliseconds, second.TotalMilliseconds);
    }

    private static byte[] Request(int port, string question)
    {
        string body = $$"""{"user":"{{User}}","query":"{{question}}"}""";
        return Encoding.ASCII.GetBytes(
            FormattableString.Invariant(
                $"POST /v1/memories/search HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"
            )
        );
    }
}
