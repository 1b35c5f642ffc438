using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Tests.Contracts;
using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.Storage;

/// <summary>A PostgreSQL store on a database of its own.</summary>
public sealed class PostgresStoreFixture : StoreFixture
{
    private readonly PostgresDatabase _database = new();
    private readonly MemoryInstruments _instruments = new();
    private PostgresConversationStore? _store;

    internal override IConversationStore Store => _store!;

    public override async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        _store = await OpenAsync(new PostgresStorageOptions { ConnectionString = _database.ConnectionString });
    }

    public override async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        _instruments.Dispose();
        await _database.DisposeAsync();
    }

    internal override async Task<IAsyncDisposable> StallCommitsAsync()
    {
        var connection = new NpgsqlConnection(_database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("begin; lock table orleans_memory.conversation in exclusive mode", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    internal override async Task<OpenedStore?> OpenBoundedAsync(int maxQueuedTurns) => new(
        await OpenAsync(new PostgresStorageOptions { ConnectionString = _database.ConnectionString, MaxQueuedTurns = maxQueuedTurns }));

    private Task<PostgresConversationStore> OpenAsync(PostgresStorageOptions options) =>
        PostgresConversationStore.OpenAsync(options, _instruments, NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None);
}
