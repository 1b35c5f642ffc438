using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>Looking for a message id costs the same in a long log as in a short one, whatever the planner knows of the table.</summary>
public sealed class MessageIdPlanTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const string Fill =
        """
        insert into orleans_memory.message (store_id, sequence, created_at, bytes, role, message_id, contents)
        select 1, i, now(), 2, 'user', 'm' || i, '[]' from generate_series(1, 5000) i
        """;

    [Theory]
    [InlineData("force_custom_plan")]
    [InlineData("force_generic_plan")]
    public async Task Ids_are_found_through_their_index(string mode)
    {
        var options = new PostgresStorageOptions { ConnectionString = database.ConnectionString };
        using var instruments = new MemoryInstruments();
        await (await PostgresConversationStore.OpenAsync(options, instruments, NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None)).DisposeAsync();
        await using NpgsqlDataSource source = PostgresConnections.ForReading(options);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        await RunAsync(connection, $"set plan_cache_mode = {mode}; truncate orleans_memory.message; {Fill}");
        await AssertPlanAsync(connection);
        await RunAsync(connection, "analyze orleans_memory.message");
        await AssertPlanAsync(connection);
    }

    private static async Task AssertPlanAsync(NpgsqlConnection connection)
    {
        await RunAsync(connection, $"prepare explained (bigint[], bigint[], bigint[], text[]) as {SqlScripts.FindMessageIds}");
        await using var command = new NpgsqlCommand("explain (costs off) execute explained('{1}', '{1}', '{4000}', '{m7,m8}')", connection);
        var plan = new StringBuilder();
        await using (NpgsqlDataReader reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                plan.AppendLine(reader.GetString(0));
            }
        }

        await RunAsync(connection, "deallocate explained");
        Assert.Contains("ix_message_id", plan.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", plan.ToString(), StringComparison.Ordinal);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
