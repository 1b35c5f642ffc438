using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Conversations;
using OrleansMemory.Grains.Storage.Postgres.Facts;
using OrleansMemory.Tests.Contracts;
using OrleansMemory.Tests.Support;
using OrleansMemory.Usage;

namespace OrleansMemory.Tests.Storage;

/// <summary>A PostgreSQL store on a database of its own.</summary>
public sealed class PostgresStoreFixture : StoreFixture
{
    private readonly PostgresDatabase _database = new();
    private readonly MemoryInstruments _instruments = new();
    private PostgresConversationStore? _store;
    private PostgresFactStore? _facts;

    internal const string CountRows = """
        with c as (select * from conversation where tenant = $1)
        select $1, (select count(*) from c where state = 0), (select coalesce(sum(last_sequence - first_sequence + 1), 0)::bigint from c where state = 0),
          (select coalesce(sum(m.bytes), 0)::bigint from message m join c using (store_id))
            + (select coalesce(sum(octet_length(e.value::text)), 0)::bigint from entry e join c using (store_id)),
          (select count(*) from memory where tenant = $1 and state = 0), (select coalesce(sum(bytes), 0)::bigint from memory where tenant = $1 and state = 0)
        """;

    // Of half of the lives the counter is lost, as where they were there before there were counters; of the others it is wrong.
    internal const string Spoil = """
        update conversation
        set message_bytes = case when store_id % 2 = 0 then message_bytes + 7 end, entry_bytes = case when store_id % 2 = 0 then entry_bytes + 5 end
        where tenant = $1
        """;

    internal override IConversationStore Store => _store!;

    internal override IFactStore Facts => _facts!;

    internal override IUsageStore Usage => new PostgresUsageStore(_store!);

    internal override IAuditStore Audit => new PostgresAuditStore(_store!);

    internal override async Task<TenantUsage> CountAsync(string tenant)
    {
        await using NpgsqlConnection connection = await OpenConnectionAsync();
        await using var command = new NpgsqlCommand(CountRows, connection) { Parameters = { new() { Value = tenant } } };
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return UsageRows.Tenant(reader);
    }

    internal override async Task SpoilUsageAsync(string tenant)
    {
        await using NpgsqlConnection connection = await OpenConnectionAsync();
        await using var command = new NpgsqlCommand(Spoil, connection) { Parameters = { new() { Value = tenant } } };
        await command.ExecuteNonQueryAsync();
    }

    public override async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        _store = await OpenAsync(new PostgresStorageOptions { ConnectionString = _database.ConnectionString });
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
        var connection = new NpgsqlConnection(_database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("begin; lock table orleans_memory.conversation in exclusive mode", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    internal override async Task<OpenedStore?> OpenBoundedAsync(int maxQueuedTurns) =>
        new(await OpenAsync(new PostgresStorageOptions { ConnectionString = _database.ConnectionString, MaxQueuedTurns = maxQueuedTurns }));

    private async Task<NpgsqlConnection> OpenConnectionAsync()
    {
        var connection = new NpgsqlConnection(_database.ConnectionString + ";Search Path=orleans_memory");
        await connection.OpenAsync();
        return connection;
    }

    private Task<PostgresConversationStore> OpenAsync(PostgresStorageOptions options) =>
        PostgresConversationStore.OpenAsync(options, _instruments, NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None);
}
