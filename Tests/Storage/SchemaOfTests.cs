using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Schema;
using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.Storage;

/// <summary>What tests of single statements need: a schema with the tables and no store over it, and the plans of statements.</summary>
internal static class SchemaOfTests
{
    /// <summary>Makes the tables in a schema of its own.</summary>
    public static async Task<PostgresStorageOptions> MakeAsync(PostgresDatabase database)
    {
        var options = new PostgresStorageOptions { ConnectionString = database.ConnectionString, Schema = $"s_{Guid.NewGuid():N}" };
        await using NpgsqlDataSource source = PostgresConnections.ForMigrating(options);
        await new SchemaMigrator(options.Schema, SqlScripts.Schema(), NullLogger<SchemaMigrator>.Instance).MigrateAsync(
            source,
            CancellationToken.None
        );
        return options;
    }

    /// <summary>The plan of a statement, prepared as the product prepares it.</summary>
    /// <param name="connection">A connection whose settings count.</param>
    /// <param name="types">The types of its parameters.</param>
    /// <param name="arguments">Their values, as SQL.</param>
    /// <returns>The plan without costs, a line per step.</returns>
    public static async Task<string> ExplainAsync(this NpgsqlConnection connection, string sql, string types, string arguments)
    {
        await connection.ExecuteAsync($"prepare explained ({types}) as {sql}");
        await using var command = new NpgsqlCommand($"explain (costs off) execute explained({arguments})", connection);
        string plan = await command.ReadLinesAsync();
        await connection.ExecuteAsync("deallocate explained");
        return plan;
    }

    /// <summary>The first column of what a command answers, a line per row.</summary>
    public static async Task<string> ReadLinesAsync(this NpgsqlCommand command)
    {
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(0));
        }

        return string.Join('\n', lines);
    }

    /// <summary>Runs statements that answer nothing.</summary>
    public static async Task ExecuteAsync(this NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
