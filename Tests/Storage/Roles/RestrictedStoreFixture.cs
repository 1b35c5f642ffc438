using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Conversations;
using OrleansMemory.Grains.Storage.Postgres.Facts;
using OrleansMemory.Tests.Contracts;
using OrleansMemory.Usage;

namespace OrleansMemory.Tests.Storage.Roles;

/// <summary>A PostgreSQL store whose account may change no table, and which reads behind the wall of row security.</summary>
public sealed class RestrictedStoreFixture : StoreFixture
{
    private readonly RestrictedDatabase _database = new();
    private readonly MemoryInstruments _instruments = new();
    private PostgresConversationStore? _store;
    private PostgresFactStore? _facts;

    internal override IConversationStore Store => _store!;

    internal override IFactStore Facts => _facts!;

    internal override IUsageStore Usage => new PostgresUsageStore(_store!);

    internal override IAuditStore Audit => new PostgresAuditStore(_store!);

    // Looked at and spoilt as the owner: what the store itself may do is what is tested.
    internal override async Task<TenantUsage> CountAsync(string tenant)
    {
        await using NpgsqlConnection connection = await OpenConnectionAsync();
        await using var command = new NpgsqlCommand(PostgresStoreFixture.CountRows, connection)
        {
            Parameters = { new() { Value = tenant } },
        };
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return UsageRows.Tenant(reader);
    }

    internal override async Task SpoilUsageAsync(string tenant)
    {
        await using NpgsqlConnection connection = await OpenConnectionAsync();
        await using var command = new NpgsqlCommand(PostgresStoreFixture.Spoil, connection) { Parameters = { new() { Value = tenant } } };
        await command.ExecuteNonQueryAsync();
    }

    public override async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        await _database.MigrateAsync();
        _store = await OpenAsync(_database.Options);
        _facts = await PostgresFactStore.OpenAsync(_store, NullLogger<PostgresFactStore>.Instance, CancellationToken.None);
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
        var connection = new NpgsqlConnection(_database.As(_database.Owner) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("begin; lock table orleans_memory.conversation in exclusive mode", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    internal override async Task<OpenedStore?> OpenBoundedAsync(int maxQueuedTurns)
    {
        PostgresStorageOptions options = _database.Options;
        options.MaxQueuedTurns = maxQueuedTurns;
        return new(await OpenAsync(options));
    }

    private async Task<NpgsqlConnection> OpenConnectionAsync()
    {
        var connection = new NpgsqlConnection(_database.As(_database.Owner) + ";Search Path=orleans_memory");
        await connection.OpenAsync();
        return connection;
    }

    private Task<PostgresConversationStore> OpenAsync(PostgresStorageOptions options) =>
        PostgresConversationStore.OpenAsync(options, _instruments, NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None);
}
