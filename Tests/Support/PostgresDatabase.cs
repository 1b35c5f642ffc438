using Npgsql;
using OrleansMemory.Silo.LocalPostgres;
using Xunit;

namespace OrleansMemory.Tests.Support;

/// <summary>A fresh database for one test class, on the server that <c>ConnectionStrings__Postgres</c> names or on a private one of this run.</summary>
public sealed class PostgresDatabase : IAsyncLifetime
{
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

    private static async Task<string> StartServerAsync()
    {
        if (Environment.GetEnvironmentVariable("ConnectionStrings__Postgres") is { Length: > 0 } given)
        {
            return given;
        }

        string folder = Path.Combine(Directory.CreateTempSubdirectory("orleans-memory-tests-").FullName, "pg");
        LocalPostgresServer server = await LocalPostgresServer.StartAsync(
            new LocalPostgresOptions { Folder = folder, Temporary = true, MaxConnections = 400 }, CancellationToken.None);
        return server.ConnectionString;
    }
}
