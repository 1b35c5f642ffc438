using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Processes;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage.Postgres;

namespace OrleansMemory.Benchmarks.Http;

/// <summary>How much longer does one caller wait for a turn over HTTP than for the same turn in its own process?</summary>
internal sealed class HttpTurnLatency : IBenchmark
{
    // The bound of DESIGN section 8.
    private const double MaxMoreMilliseconds = 0.25;

    private const string Id = "http-latency";

    public string Name => "http-latency";

    public async Task RunAsync(BenchmarkRun run)
    {
        // Tables of their own: neither side finds the other's rows in its way.
        PostgresStorageOptions remote = await run.Database.CreateSchemaAsync();
        await using SiloProcess silo = await SiloProcess.StartAsync(run.Silo, remote);
        await using (var load = new LoadProcess(run, [silo]))
        {
            await load.WarmUpAsync();
        }

        await using BenchmarkHost host = await BenchmarkHost.StartAsync(await run.Database.CreateSchemaAsync());
        using RawConnection connection = await RawConnection.OpenAsync(silo.Port);
        var turns = new RawTurn(silo.Port, Id);
        IConversationGrain grain = host.Conversation(Id);
        LoopResult[][] reached = await run.AlternateAsync(
            () => run.LoopAsync(1, _ => connection.SucceedAsync(turns.Next())),
            () => run.LoopAsync(1, async _ => await grain.CommitAsync(ConversationInput.Turn()))
        );
        foreach ((string name, double part) in new[] { ("p50", 0.5), ("p99", 0.99) })
        {
            Samples http = Samples.Of(reached[0], loop => loop.Milliseconds(part));
            Samples inProcess = Samples.Of(reached[1], loop => loop.Milliseconds(part));
            run.Report(
                new Figure(Name, $"turn over HTTP, 1 connection, {name}", "ms", http)
                {
                    Floor = Comparison.Of("the same turn in process", http, inProcess),
                }
            );
            run.Report(
                new Figure(Name, $"turn over HTTP more than in process, {name}", "ms", http.Less(inProcess))
                {
                    Target = part == 0.5 ? Target.AtMost(MaxMoreMilliseconds) : null,
                }
            );
        }
    }
}
