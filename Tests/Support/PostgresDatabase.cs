using Npgsql;
using Xunit;

namespace OrleansMemory.Tests.Support;

/// <summary>An empty database of its own for each test class that asks for one.</summary>
public sealed class PostgresDatabase : IAsyncLifetime
{
    private readonly string _name = $"om_test_{Guid.NewGuid():N}";
    private string _server = "";

    /// <summary>How to reach it.</summary>
    public string ConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.ConnectionStringAsync();
        await ExecuteAsync(_server, $"create database {_name} strategy file_copy");
        ConnectionString = new NpgsqlConnectionStringBuilder(_server) { Database = _name }.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        if (ConnectionString.Length > 0)
        {
            await ExecuteAsync(_server, $"drop database {_name} with (force)");
        }
    }

    /// <summary>A folder for a throw-away server: directly under the temporary one, where the server's own account may go.</summary>
    public static string NewServerFolder() => Path.Combine(Path.GetTempPath(), $"orleans-memory-tests-{Guid.NewGuid():N}");

    /// <summary>Runs one statement on a connection of its own.</summary>
    /// <param name="sql">The statement.</param>
    /// <returns>The first column of its first row, if any.</returns>
    public Task<object?> ExecuteAsync(string sql) => ExecuteAsync(ConnectionString, sql);

    /// <summary>Runs one statement on the same server, but not in this database.</summary>
    /// <param name="sql">The statement.</param>
    /// <returns>The first column of its first row, if any.</returns>
    public Task<object?> ExecuteElsewhereAsync(string sql) => ExecuteAsync(_server, sql);

    /// <summary>Runs one statement in any database, on a connection of its own.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="sql">The statement.</param>
    /// <returns>The first column of its first row, if any.</returns>
    public static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString
        );
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
