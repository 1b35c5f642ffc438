using Npgsql;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>
/// Looking for a message id costs the same in a long log as in a short one, whatever the planner knows or believes of the table.
/// </summary>
public sealed class MessageIdPlanTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const string Analyze = "analyze message;";

    /// <summary>What is in the table, and what the planner has been told of it.</summary>
    public static TheoryData<string> Tables =>
        [
            string.Empty,
            Of("1", "i", 1, 20_000),
            Of("1", "i", 1, 20_000) + Analyze,
            Of("1", "i", 1, 50) + Analyze + Of("1", "i", 51, 20_000),
            // Every conversation has had one message, until one grew.
            Of("i", "1", 1, 20_000) + Analyze + Of("1", "i", 20_001, 30_000),
            // All messages that it knows of have the same id.
            Of("1", "i", 1, 20_000).Replace("'msg_' || md5(i::text)", "'same'", StringComparison.Ordinal) + Analyze,
        ];

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Ids_are_found_through_their_index(string table)
    {
        PostgresStorageOptions options = await SchemaOfTests.MakeAsync(database);
        await using NpgsqlDataSource source = PostgresConnections.ForReading(options);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        if (table.Length > 0)
        {
            await connection.ExecuteAsync(table);
        }

        foreach (string mode in (string[])["force_custom_plan", "force_generic_plan"])
        {
            await connection.ExecuteAsync($"set plan_cache_mode = {mode}");
            await AssertPlanAsync(connection);
        }
    }

    // Long ids: an index that is higher than another looks dearer.
    private static string Of(string storeId, string sequence, int first, int last) =>
        $"""
            insert into message (store_id, sequence, created_at, bytes, role, message_id, contents)
            select {storeId}, {sequence}, now(), 2, 'user', 'msg_' || md5(i::text), '[]' from generate_series({first}, {last}) i;
            """;

    private static async Task AssertPlanAsync(NpgsqlConnection connection)
    {
        string plan = await connection.ExplainAsync(
            SqlScripts.FindMessageIds,
            "bigint[], bigint[], bigint[], text[]",
            "'{1}', '{1}', '{4000}', '{same,other}'"
        );
        Assert.Contains("ix_message_id_near", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("pk_message", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
    }
}
