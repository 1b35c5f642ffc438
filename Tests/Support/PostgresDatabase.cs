using Npgsql;
using OrleansMemory.Silo.LocalPostgres;
using Xunit;

namespace OrleansMemory.Tests.Support;

/// <summary>A fresh database for one test class, on the server that <c>ConnectionStrings__Postgres</c> names or on a private one of this run.</summary>
public sealed class PostgresDatabase : IAsyncLifetime
{
    // The server lives as long as somebody holds it, and ends with this process.
    private static LocalPostgresServer? _server;

    private static readonly Lazy<Task<string>> Server = new(StartServerAsync);

    public string ConnectionString { get; private set; } = "";

    public async Task InitializeAsync()
    {
        string server = await Server.Value;
        string name = $"tests_{Guid.NewGuid():N}";
        await using (var connection = new NpgsqlConnection(server))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand($"create database {name}", connection);
            await command.ExecuteNonQueryAsync();
        }

        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
    }

    public Task DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        return Task.CompletedTask;
    }

    /// <summary>A folder for a throw-away server: directly under the temporary one, where the server's own account may go.</summary>
    public static string NewServerFolder() => Path.Combine(Path.GetTempPath(), $"orleans-memory-tests-{Guid.NewGuid():N}");

    private static async Task<string> StartServerAsync()
    {
        if (Environment.GetEnvironmentVariable("ConnectionStrings__Postgres") is { Length: > 0 } given)
        {
            return given;
        }

        _server = await LocalPostgresServer.StartAsync(
            new LocalPostgresOptions { Folder = NewServerFolder(), Temporary = true, MaxConnections = 400 }, CancellationToken.None);
        return _server.ConnectionString;
    }
}
