using System.Diagnostics;
using System.Globalization;
using Npgsql;
using OrleansMemory.Benchmarks.Database;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Expiry;
using OrleansMemory.Grains.Expiry;
using OrleansMemory.Grains.Storage.Postgres;

namespace OrleansMemory.Benchmarks.Expiry;

/// <summary>How fast does the wheel remove a great many expired conversations, and what do they cost while they wait?</summary>
internal sealed class ExpirySweep : IBenchmark
{
    // As many as the wheel takes at once: the floor is not to win by larger transactions.
    private const int FloorBatch = 2_000;

    public string Name => "expiry";

    public async Task RunAsync(BenchmarkRun run)
    {
        PostgresStorageOptions floor = await MakeAsync(run);
        PostgresStorageOptions wheel = await MakeAsync(run);
        await run.Database.SettleAsync();
        double floorRate = run.Conversations / await DeleteAsync(floor, run.Conversations);
        await run.Database.SettleAsync();
        int positions = new ExpiryOptions().Grains;
        long before = ResidentBytes();
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(wheel);
        double seconds = await SweepAsync(host, positions);
        long[] left = await run.Database.ReadRowFromAsync(wheel.Schema, BenchmarkSql.CountExpiry);

        var rate = Samples.Of(run.Conversations / seconds);
        string what = string.Create(CultureInfo.InvariantCulture, $"{run.Conversations:#,0} expired conversations removed");
        run.Report(
            new Figure(Name, what, "/s", rate)
            {
                Floor = Comparison.Of("bare SQL deletes of the same rows", rate, Samples.Of(floorRate)),
                Target = Target.NoLessThan(20_000),
            }
        );
        run.Report(new Figure(Name, "rows left", "", Samples.Of(left[0])) { Target = Target.AtMost(0) });
        run.Report(new Figure(Name, "reminder rows", "", Samples.Of(left[1])) { Target = Target.AtMost(positions) });
        run.Report(
            new Figure(
                Name,
                "memory of the process more than before the host",
                "MiB",
                Samples.Of((ResidentBytes() - before) / (1024.0 * 1024.0))
            )
        );
    }

    private static async Task<PostgresStorageOptions> MakeAsync(BenchmarkRun run)
    {
        BenchmarkRun.Tell("making conversations whose time is over");
        PostgresStorageOptions options = await run.Database.CreateSchemaAsync();
        await using NpgsqlDataSource source = PostgresConnections.ForMigrating(options);
        await using NpgsqlCommand make = source.CreateCommand(BenchmarkSql.MakeExpired);
        make.CommandTimeout = 0;
        make.Parameters.Add(new NpgsqlParameter { Value = run.Conversations });
        await make.ExecuteNonQueryAsync();
        return options;
    }

    private static async Task<double> DeleteAsync(PostgresStorageOptions options, int conversations)
    {
        await using NpgsqlDataSource source = PostgresConnections.ForReading(options);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        long started = Stopwatch.GetTimestamp();
        for (int first = 1; first <= conversations; first += FloorBatch)
        {
            await using var delete = new NpgsqlCommand(BenchmarkSql.DeleteRange, connection);
            delete.Parameters.Add(new NpgsqlParameter { Value = (long)first });
            delete.Parameters.Add(new NpgsqlParameter { Value = (long)first + FloorBatch - 1 });
            await delete.ExecuteNonQueryAsync();
        }

        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<double> SweepAsync(BenchmarkHost host, int positions)
    {
        long started = Stopwatch.GetTimestamp();
        await Task.WhenAll(
            Enumerable
                .Range(0, positions)
                .Select(async position =>
                {
                    IExpiryGrain grain = host.Grains.GetGrain<IExpiryGrain>(position.ToString(CultureInfo.InvariantCulture));
                    while ((await grain.SweepAsync()).Backlog) { }
                })
        );
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static long ResidentBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
