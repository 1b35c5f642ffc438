using Npgsql;
using NpgsqlTypes;
using OrleansMemory.Benchmarks.Database;
using OrleansMemory.Grains.Storage.Postgres;

namespace OrleansMemory.Benchmarks.Floors;

/// <summary>
/// Our own tables once more, for a floor to write to: what a floor does not have is the code above them, not the indexes in them.
/// </summary>
internal static class FloorSchema
{
    // A floor's batches of arrays are planned once and go through the primary keys, as ours do.
    private const string PlanOnce = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off";

    public static async Task<NpgsqlDataSource> CreateAsync(BenchmarkDatabase database, int conversations)
    {
        PostgresStorageOptions options = await database.CreateSchemaAsync();
        var builder = new NpgsqlDataSourceBuilder(options.ConnectionString);
        builder.ConnectionStringBuilder.SearchPath = options.Schema;
        builder.ConnectionStringBuilder.Options = PlanOnce;
        NpgsqlDataSource dataSource = builder.Build();
        await using NpgsqlCommand start = dataSource.CreateCommand(BenchmarkSql.StartHeads);
        start.Parameters.Add(new NpgsqlParameter<long> { TypedValue = conversations, NpgsqlDbType = NpgsqlDbType.Bigint });
        await start.ExecuteNonQueryAsync();
        return dataSource;
    }
}
