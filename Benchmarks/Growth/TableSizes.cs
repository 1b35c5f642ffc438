using Npgsql;
using OrleansMemory.Benchmarks.Database;
using OrleansMemory.Grains.Storage.Postgres;

namespace OrleansMemory.Benchmarks.Growth;

/// <summary>What the tables of one schema take on disk.</summary>
internal sealed class TableSizes
{
    // Empty tables have some pages too.
    private const long LeastBytes = 64 * 1024;

    private readonly Dictionary<(string Table, string Index), long> _bytes = [];

    private TableSizes() { }

    /// <summary>All tables with their indexes, in bytes.</summary>
    public long Total => _bytes.Values.Sum();

    /// <summary>One table with its indexes, in bytes.</summary>
    /// <param name="table">The table.</param>
    /// <returns>Bytes.</returns>
    public long Of(string table) => _bytes.Where(size => size.Key.Table == table).Sum(size => size.Value);

    /// <summary>One table without its indexes, in bytes.</summary>
    /// <param name="table">The table.</param>
    /// <returns>Bytes.</returns>
    public long Heap(string table) => _bytes.GetValueOrDefault((table, ""));

    /// <summary>Reads the sizes.</summary>
    /// <param name="storage">The schema.</param>
    /// <returns>The sizes.</returns>
    public static async Task<TableSizes> ReadAsync(PostgresStorageOptions storage)
    {
        await using NpgsqlDataSource source = PostgresConnections.ForMigrating(storage);
        await using NpgsqlCommand command = source.CreateCommand(BenchmarkSql.ReadSizes);
        command.Parameters.Add(new NpgsqlParameter { Value = storage.Schema });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        var sizes = new TableSizes();
        while (await reader.ReadAsync())
        {
            sizes._bytes[(reader.GetString(0), reader.GetString(1))] = reader.GetInt64(2);
        }

        return sizes;
    }

    /// <summary>Reports what one thing takes, in all and by table and index.</summary>
    /// <param name="curve">Where to.</param>
    /// <param name="what">What takes it.</param>
    /// <param name="size">The size of the curve.</param>
    /// <param name="count">How many things there are more than before.</param>
    /// <param name="before">The sizes before they were there; <see langword="null"/> where the tables were empty.</param>
    public void Report(GrowthCurve curve, string what, long size, double count, TableSizes? before = null)
    {
        double total = 0;
        foreach (((string table, string index), long bytes) in _bytes.OrderBy(entry => entry.Key))
        {
            long more = bytes - (before?._bytes.GetValueOrDefault((table, index)) ?? 0);
            total += more / count;
            if (more >= LeastBytes)
            {
                curve.Report($"on disk for one {what}: {(index.Length > 0 ? index : table)}", "bytes", size, more / count);
            }
        }

        curve.Report($"on disk for one {what}, in all", "bytes", size, total);
    }
}
