using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>Looking for a message id costs the same in a long log as in a short one, whatever the planner knows or believes of the table.</summary>
public sealed class MessageIdPlanTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const string Analyze = "analyze orleans_memory.message;";

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
        var options = new PostgresStorageOptions { ConnectionString = database.ConnectionString };
        using var instruments = new MemoryInstruments();
        await (await PostgresConversationStore.OpenAsync(options, instruments, NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None)).DisposeAsync();
        await using NpgsqlDataSource source = PostgresConnections.ForReading(options);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        await RunAsync(connection, $"truncate orleans_memory.message; delete from pg_statistic where starelid = 'orleans_memory.message'::regclass; {table}");
        foreach (string mode in (string[])["force_custom_plan", "force_generic_plan"])
        {
            await RunAsync(connection, $"set plan_cache_mode = {mode}");
            await AssertPlanAsync(connection);
        }
    }

    // Long ids: an index that is higher than another looks dearer.
    private static string Of(string storeId, string sequence, int first, int last) =>
        $"""
        insert into orleans_memory.message (store_id, sequence, created_at, bytes, role, message_id, contents)
        select {storeId}, {sequence}, now(), 2, 'user', 'msg_' || md5(i::text), '[]' from generate_series({first}, {last}) i;
        """;

    private static async Task AssertPlanAsync(NpgsqlConnection connection)
    {
        await RunAsync(connection, $"prepare explained (bigint[], bigint[], bigint[], text[]) as {SqlScripts.FindMessageIds}");
        await using var command = new NpgsqlCommand("explain (costs off) execute explained('{1}', '{1}', '{4000}', '{same,other}')", connection);
        var plan = new StringBuilder();
        await using (NpgsqlDataReader reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                plan.AppendLine(reader.GetString(0));
            }
        }

        await RunAsync(connection, "deallocate explained");
        Assert.Contains("ix_message_id_hash", plan.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("pk_message", plan.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", plan.ToString(), StringComparison.Ordinal);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
