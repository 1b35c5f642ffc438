using Npgsql;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>System messages are found by their index, however long the log is.</summary>
public sealed class SystemMessageIndexTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_read_of_system_messages_uses_their_index(bool descending)
    {
        PostgresStorageOptions options = await SchemaOfTests.MakeAsync(database);
        await using NpgsqlDataSource source = PostgresConnections.ForReading(options);
        await database.ExecuteAsync(
            $"""
            insert into {options.Schema}.message (store_id, sequence, created_at, bytes, role, message_id, contents)
            select 1, n, now(), 2, case when n % 5000 = 0 then 'system' else 'user' end, 'm', '[]' from generate_series(1, 20000) n;
            analyze {options.Schema}.message
            """
        );

        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        string plan = await connection.ExplainAsync(
            descending ? SqlScripts.ReadSystemMessagesDescending : SqlScripts.ReadSystemMessagesAscending,
            "bigint, bigint, bigint, bigint, bigint",
            $"1, 1, {long.MaxValue}, 1000, {long.MaxValue}"
        );

        Assert.Contains("ix_message_system", plan, StringComparison.Ordinal);
    }
}
