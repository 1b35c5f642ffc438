using Npgsql;
using NpgsqlTypes;
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
        string schema = $"s_{Guid.NewGuid():N}";
        var options = new PostgresStorageOptions { ConnectionString = database.ConnectionString, Schema = schema };
        await using NpgsqlDataSource source = PostgresConnections.ForMigrating(options);
        await new SchemaMigrator(schema, SqlScripts.Schema(), Microsoft.Extensions.Logging.Abstractions.NullLogger<SchemaMigrator>.Instance)
            .MigrateAsync(source, CancellationToken.None);
        await database.ExecuteAsync($"""
            insert into {schema}.message (store_id, sequence, created_at, bytes, role, message_id, contents)
            select 1, n, now(), 2, case when n % 5000 = 0 then 'system' else 'user' end, 'm', '[]' from generate_series(1, 20000) n;
            analyze {schema}.message
            """);

        await using var command = new NpgsqlCommand(
            "explain " + (descending ? SqlScripts.ReadSystemMessagesDescending : SqlScripts.ReadSystemMessagesAscending), await source.OpenConnectionAsync());
        foreach (long value in (long[])[1, 1, long.MaxValue, 1_000, long.MaxValue])
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = NpgsqlDbType.Bigint });
        }

        var plan = new List<string>();
        await using (NpgsqlDataReader reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                plan.Add(reader.GetString(0));
            }
        }

        Assert.Contains(plan, line => line.Contains("ix_message_system", StringComparison.Ordinal));
        await command.Connection!.DisposeAsync();
    }
}
