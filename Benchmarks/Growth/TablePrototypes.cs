using Npgsql;
using OrleansMemory.Benchmarks.Database;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Grains.Storage.Postgres;

namespace OrleansMemory.Benchmarks.Growth;

/// <summary>Would partitions pay, or message ids that are indexed beside their conversation? Tried in SQL, on one connection.</summary>
/// <param name="run">Where to measure and to report.</param>
/// <param name="benchmark">The question.</param>
internal sealed class TablePrototypes(BenchmarkRun run, string benchmark)
{
    private const double Microseconds = 1e6;

    // As many as the scripts write.
    private const int JournalRows = 500_000;
    private const int JournalWrites = 100_000;
    private const int MessageRows = 500_000;
    private const int MessageWrites = 2_000;

    private static readonly (string Table, string What, string Write)[] Messages =
    [
        ("message_plain", "as they are", BenchmarkSql.WriteMessagePlain),
        ("message_part", "in 16 partitions by conversation", BenchmarkSql.WriteMessageParted),
        ("message_packed", "as they are with wal_compression", BenchmarkSql.WriteMessagePacked),
        ("message_hash", "their ids indexed by one hash", BenchmarkSql.WriteMessageHash),
        ("message_bare", "their ids not indexed", BenchmarkSql.WriteMessageBare),
    ];

    /// <summary>The journal: rows that are deleted, against a day that is dropped.</summary>
    /// <returns>A task that ends when it is reported.</returns>
    public async Task JournalAsync()
    {
        PostgresStorageOptions storage = await run.Database.CreateSchemaAsync();
        await RunAsync(storage, BenchmarkSql.MakeJournalPrototype);
        await RunAsync(storage, "vacuum (analyze)");
        Report("a turn written to the journal as it is", await RunAsync(storage, BenchmarkSql.WriteJournalPlain), JournalWrites);
        Report(
            "a turn written to a journal by day, the day before asked first",
            await RunAsync(storage, BenchmarkSql.WriteJournalDay),
            JournalWrites
        );
        Report("a turn id forgotten by deletion", await RunAsync(storage, BenchmarkSql.DeleteJournalPlain), JournalRows);
        Report("a turn id forgotten by deletion, vacuum", await RunAsync(storage, "vacuum journal_plain"), JournalRows);
        Report("a turn id forgotten by dropping its day", await RunAsync(storage, "drop table journal_day_1"), JournalRows);
    }

    /// <summary>Messages: partitions, and the index of their ids.</summary>
    /// <returns>A task that ends when it is reported.</returns>
    public async Task MessagesAsync()
    {
        PostgresStorageOptions storage = await run.Database.CreateSchemaAsync();
        await RunAsync(storage, BenchmarkSql.MakeMessagePrototype);
        await RunAsync(storage, "vacuum (analyze)");
        foreach ((string table, string what, string write) in Messages)
        {
            Report($"a message written, {what}, page images included", await RunAsync(storage, write), MessageWrites);
            double bytes = (await run.Database.ReadRowFromAsync(storage.Schema, BenchmarkSql.ReadIndexBytes, table))[0];
            run.Report(
                new Figure(benchmark, $"indexes for one message, {what}", "bytes", Samples.Of(bytes / (MessageRows + MessageWrites)))
            );
        }

        long next = 1_000_000;
        foreach (int more in (int[])[10_000, 100_000, 10_000, 100_000])
        {
            await GrowAsync(more);
            Report(
                FormattableString.Invariant($"a message vacuumed, {more:N0} more than at the last vacuum"),
                await RunAsync(storage, "vacuum message_plain"),
                more
            );
        }

        await GrowAsync(100_000);
        Report(
            "a message vacuumed and frozen, 100,000 more than at the last vacuum",
            await RunAsync(storage, "vacuum (freeze) message_plain"),
            100_000
        );

        async Task GrowAsync(int more)
        {
            await using NpgsqlDataSource source = PostgresConnections.ForMigrating(storage);
            await using NpgsqlCommand grow = source.CreateCommand(BenchmarkSql.GrowMessagePlain);
            grow.Parameters.Add(new NpgsqlParameter { Value = next });
            grow.Parameters.Add(new NpgsqlParameter { Value = (long)more });
            await grow.ExecuteNonQueryAsync();
            next += more;
        }
    }

    private async Task<(double Seconds, double Wal)> RunAsync(PostgresStorageOptions storage, string sql)
    {
        await run.Database.SettleAsync();
        long from = (await run.Database.ReadRowAsync(BenchmarkSql.ReadWalPosition))[0];
        TimeSpan taken = await PairedTimes.TimeAsync(() => run.Database.ExecuteInAsync(storage.Schema, sql));
        return (taken.TotalSeconds, (await run.Database.ReadRowAsync(BenchmarkSql.ReadWalPosition))[0] - from);
    }

    private void Report(string what, (double Seconds, double Wal) cost, int rows)
    {
        run.Report(new Figure(benchmark, what, "µs", Samples.Of(Microseconds * cost.Seconds / rows)));
        run.Report(new Figure(benchmark, what + ", WAL", "bytes", Samples.Of(cost.Wal / rows)));
    }
}
