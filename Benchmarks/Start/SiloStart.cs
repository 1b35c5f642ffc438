using OrleansMemory.Benchmarks.Http;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Processes;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Grains.Storage.Postgres;

namespace OrleansMemory.Benchmarks.Start;

/// <summary>
/// How long after its process was started is a silo ready, and how long does its very first turn take? PostgreSQL runs, and its tables are
/// there.
/// </summary>
internal sealed class SiloStart : IBenchmark
{
    // The bounds of DESIGN section 8.
    private const double MaxReadyMilliseconds = 1_500;
    private const double MaxFirstTurnMilliseconds = 100;

    public string Name => "start";

    public async Task RunAsync(BenchmarkRun run)
    {
        PostgresStorageOptions storage = await run.Database.CreateSchemaAsync();
        (double Ready, double FirstTurn)[][] reached = await run.AlternateAsync(() => StartAsync(run.Silo, storage));
        run.Report(
            new Figure(Name, "process start to ready, PostgreSQL running", "ms", Samples.Of(reached[0], start => start.Ready))
            {
                Target = Target.AtMost(MaxReadyMilliseconds),
            }
        );
        run.Report(
            new Figure(Name, "the first turn after it, over HTTP", "ms", Samples.Of(reached[0], start => start.FirstTurn))
            {
                Target = Target.AtMost(MaxFirstTurnMilliseconds),
            }
        );
    }

    private static async Task<(double Ready, double FirstTurn)> StartAsync(string program, PostgresStorageOptions storage)
    {
        await using SiloProcess silo = await SiloProcess.StartAsync(program, storage);
        using RawConnection connection = await RawConnection.OpenAsync(silo.Port);
        var turn = new RawTurn(silo.Port, "start");
        TimeSpan first = await PairedTimes.TimeAsync(() => connection.SucceedAsync(turn.Next()).AsTask());
        return (silo.StartTime.TotalMilliseconds, first.TotalMilliseconds);
    }
}
