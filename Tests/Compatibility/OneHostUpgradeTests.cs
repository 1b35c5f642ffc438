using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Schema;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Compatibility;

/// <summary>
/// A database of schema 7 with reminders of the host before Orleans is brought up: they go, what Orleans and grains keep stays.
/// </summary>
public sealed class OneHostUpgradeTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private readonly string _schema = $"s_{Guid.NewGuid():N}";

    [Fact]
    public async Task Reminders_of_the_host_before_Orleans_go_and_everything_else_stays()
    {
        await MigrateAsync(7);
        await database.ExecuteAsync(
            $"""
            insert into {_schema}.reminder (grain_id, name, grain_hash, start_at, period_microseconds, etag)
            select 'expiry/' || n, 'expiry', n, now(), 60000000, nextval('{_schema}.reminder_etag_seq') from generate_series(1, 3) n;
            insert into {_schema}.orleans_reminder (service_id, grain_id, name, grain_hash, start_time, period_milliseconds, version)
            values ('orleans-memory', 'expiry/1', 'expiry', 1, now(), 60000, 1);
            insert into {_schema}.conversation (store_id, tenant, name, state, version, first_sequence, last_sequence, created_at, updated_at, listed_at)
            values (1, 't', 'c', 0, 1, 1, 0, now(), now(), now());
            """
        );

        await MigrateAsync(SqlScripts.Schema().Count);

        Assert.Equal(DBNull.Value, await database.ExecuteAsync($"select to_regclass('{_schema}.reminder')::text"));
        Assert.Equal(DBNull.Value, await database.ExecuteAsync($"select to_regclass('{_schema}.reminder_etag_seq')::text"));
        Assert.Equal(1L, await database.ExecuteAsync($"select count(*) from {_schema}.orleans_reminder"));
        Assert.Equal(1L, await database.ExecuteAsync($"select count(*) from {_schema}.conversation"));
        Assert.Equal(0L, await database.ExecuteAsync($"select count(*) from {_schema}.grain_state"));
    }

    [Fact]
    public async Task The_tables_are_those_of_the_room_s_readme()
    {
        await MigrateAsync(SqlScripts.Schema().Count);
        var tables = new SortedSet<string>(StringComparer.Ordinal);
        await using (var connection = new NpgsqlConnection(database.ConnectionString + ";Pooling=false"))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(
                $"select table_name::text from information_schema.tables where table_schema = '{_schema}' and table_type = 'BASE TABLE'",
                connection
            );
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                tables.Add(reader.GetString(0));
            }
        }

        string[] lines = await File.ReadAllLinesAsync(Checkout.PathOf("Grains/Storage/Postgres/README.md"));
        IEnumerable<string> documented = lines
            .SkipWhile(line => !line.StartsWith("| table |", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith("| ", StringComparison.Ordinal))
            .SelectMany(line => line.Split('|')[1].Split(','))
            .Select(name => name.Trim(' ', '`'));

        // The one table that only some databases have.
        Assert.Equal(tables.Append("memory_embedding").Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    private async Task MigrateAsync(int scripts)
    {
        var options = new PostgresStorageOptions { ConnectionString = database.ConnectionString, Schema = _schema };
        await using NpgsqlDataSource source = PostgresConnections.ForMigrating(options);
        await new SchemaMigrator(_schema, [.. SqlScripts.Schema().Take(scripts)], NullLogger<SchemaMigrator>.Instance).MigrateAsync(
            source,
            CancellationToken.None
        );
    }
}
