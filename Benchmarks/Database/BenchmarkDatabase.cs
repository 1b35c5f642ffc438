using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Schema;

namespace OrleansMemory.Benchmarks.Database;

/// <summary>A database of one run's own, dropped when it ends.</summary>
internal sealed class BenchmarkDatabase : IAsyncDisposable
{
    private readonly string _server;
    private readonly string _name;
    private int _schemas;

    private BenchmarkDatabase(string server, string name)
    {
        _server = server;
        _name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
    }

    /// <summary>How to connect to it.</summary>
    public string ConnectionString { get; }

    /// <summary>The server's first process; <see langword="null"/> when it does not run on this machine.</summary>
    public int? Postmaster { get; private set; }

    /// <summary>Makes a database.</summary>
    /// <param name="server">How to connect to the server, as an account that may make databases and checkpoints.</param>
    /// <returns>The database, empty.</returns>
    public static async Task<BenchmarkDatabase> CreateAsync(string server)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"orleans_memory_benchmark_{Environment.ProcessId}");
        await RunAsync(server, $"create database {name}");
        var database = new BenchmarkDatabase(server, name);
        await using var connection = new NpgsqlConnection(Unpooled(database.ConnectionString));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(BenchmarkSql.ReadBackend, connection);

        // While the connection is open: its process ends with it.
        database.Postmaster = ProcessorTime.Postmaster((long)(await command.ExecuteScalarAsync())!);
        return database;
    }

    /// <summary>Makes our tables, empty, in a new schema.</summary>
    /// <returns>How to connect to it: unqualified names find those tables.</returns>
    public async Task<PostgresStorageOptions> CreateSchemaAsync()
    {
        var options = new PostgresStorageOptions
        {
            ConnectionString = ConnectionString,
            Schema = string.Create(CultureInfo.InvariantCulture, $"schema_{++_schemas}"),
        };
        await using NpgsqlDataSource migrations = PostgresConnections.ForMigrating(options);
        await new SchemaMigrator(options.Schema, SqlScripts.Schema(), NullLogger.Instance).MigrateAsync(migrations, CancellationToken.None);
        return options;
    }

    /// <summary>Writes everything out, so that no contender pays for what another one left behind.</summary>
    /// <returns>A task that ends when it is written.</returns>
    public Task SettleAsync() => RunAsync(ConnectionString, "checkpoint");

    /// <summary>Reads what this process and the server have done until now.</summary>
    /// <returns>What was done.</returns>
    public async Task<Work> ReadWorkAsync()
    {
        long transactions = (await ReadRowAsync(BenchmarkSql.ReadTransactions))[0];
        return new Work(Environment.CpuUsage.TotalTime.TotalSeconds, ProcessorTime.OfServer(Postmaster), transactions);
    }

    /// <summary>Runs one statement in one of our schemas.</summary>
    /// <param name="schema">Which of them.</param>
    /// <param name="sql">The statement.</param>
    /// <returns>A task that ends when it is done.</returns>
    public Task ExecuteInAsync(string schema, string sql) =>
        RunAsync(new NpgsqlConnectionStringBuilder(ConnectionString) { SearchPath = schema }.ConnectionString, sql);

    /// <summary>Reads one row.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <returns>The columns; numbers only.</returns>
    public Task<long[]> ReadRowAsync(string sql, params object[] parameters) => ReadRowFromAsync("public", sql, parameters);

    /// <summary>Reads one row from our tables.</summary>
    /// <param name="schema">Which of them.</param>
    /// <param name="sql">The query.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <returns>The columns; numbers only.</returns>
    public async Task<long[]> ReadRowFromAsync(string schema, string sql, params object[] parameters)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false, SearchPath = schema }.ConnectionString
        );
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (object parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetInt64)];
    }

    /// <summary>Where the server keeps this database's files.</summary>
    /// <returns>The folder, as the server's machine knows it.</returns>
    public async Task<string> FolderAsync()
    {
        await using var connection = new NpgsqlConnection(Unpooled(ConnectionString));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(BenchmarkSql.ReadFolder, connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The server's version and the settings that bear on durability.</summary>
    /// <returns>Names and values.</returns>
    public async Task<IReadOnlyDictionary<string, string>> ReadSettingsAsync()
    {
        await using var connection = new NpgsqlConnection(Unpooled(ConnectionString));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(BenchmarkSql.ReadSettings, connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        var settings = new Dictionary<string, string>();
        while (await reader.ReadAsync())
        {
            settings.Add(reader.GetString(0), reader.GetString(1));
        }

        return settings;
    }

    public async ValueTask DisposeAsync() => await RunAsync(_server, $"drop database {_name} with (force)");

    private static string Unpooled(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;

    private static async Task RunAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(Unpooled(connectionString));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }
}
