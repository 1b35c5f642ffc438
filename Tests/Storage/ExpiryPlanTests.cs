using Npgsql;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>
/// A sweep costs what is due, not what is there: it enters the tables through the expiry indexes, whatever the planner knows of them.
/// </summary>
public sealed class ExpiryPlanTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const string Fill = """
        insert into conversation (store_id, tenant, name, state, version, first_sequence, last_sequence, created_at, updated_at, listed_at, expires_at)
        select i, 't', 'c' || i, 0, 1, 1, 0, now(), now(), now(), now() + interval '1 day' from generate_series(1, 5000) i;
        insert into entry (store_id, space, key, value, expires_at)
        select i, 's', 'k', '1', now() + interval '1 day' from generate_series(1, 5000) i
        """;

    [Theory]
    [InlineData("force_custom_plan")]
    [InlineData("force_generic_plan")]
    public async Task Sweeps_enter_through_the_expiry_indexes(string mode)
    {
        PostgresStorageOptions options = await SchemaOfTests.MakeAsync(database);
        await using NpgsqlDataSource source = PostgresConnections.ForReading(options);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync($"set plan_cache_mode = {mode}");
        await AssertPlansAsync(connection);
        await connection.ExecuteAsync("truncate conversation, entry; " + Fill);
        await AssertPlansAsync(connection);
        await connection.ExecuteAsync("analyze");
        await AssertPlansAsync(connection);
    }

    private static async Task AssertPlansAsync(NpgsqlConnection connection)
    {
        string conversations = await ExplainAsync(connection, SqlScripts.LockExpired);
        string entries = await ExplainAsync(connection, SqlScripts.SweepEntries);
        Assert.Contains("ix_conversation_expires_at", conversations, StringComparison.Ordinal);
        Assert.Contains("ix_entry_expires_at", entries, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", conversations + entries, StringComparison.Ordinal);
    }

    private static Task<string> ExplainAsync(NpgsqlConnection connection, string sql) =>
        connection.ExplainAsync(sql, "timestamptz, bigint[], bigint", "now(), '{0,32,64,96,128,160,192,224}', 2000");
}
