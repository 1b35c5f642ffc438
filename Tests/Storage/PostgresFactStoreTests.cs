using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Conversations;
using OrleansMemory.Grains.Storage.Postgres.Facts;
using OrleansMemory.Tests.Contracts;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>The PostgreSQL store keeps the contract of long-term memories.</summary>
public sealed class PostgresFactStoreTests(PostgresFactStoreFixture fixture)
    : FactStoreContract(fixture),
        IClassFixture<PostgresFactStoreFixture>;

/// <summary>A PostgreSQL store on a database of its own.</summary>
public sealed class PostgresFactStoreFixture : FactStoreFixture
{
    private readonly PostgresDatabase _database = new();
    private readonly MemoryInstruments _instruments = new();
    private PostgresConversationStore? _conversations;
    private PostgresFactStore? _store;

    internal override IFactStore Store => _store!;

    internal override IConversationStore Conversations => _conversations!;

    public override async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        var options = new PostgresStorageOptions { ConnectionString = _database.ConnectionString };
        _conversations = await PostgresConversationStore.OpenAsync(
            options,
            _instruments,
            NullLoggerFactory.Instance,
            TimeProvider.System,
            CancellationToken.None
        );
        _store = await PostgresFactStore.OpenAsync(_conversations, NullLogger.Instance, CancellationToken.None);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_conversations is not null)
        {
            await _conversations.DisposeAsync();
        }

        _instruments.Dispose();
        await _database.DisposeAsync();
    }

    internal override async Task<Func<Task>> BeginAsync(FactRecording recording)
    {
        var connection = new NpgsqlConnection(_database.ConnectionString + ";Pooling=false;Search Path=orleans_memory");
        await connection.OpenAsync();
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await PostgresFactStore.RecordAsync(connection, recording, CancellationToken.None);
        return async () =>
        {
            await transaction.CommitAsync();
            await connection.DisposeAsync();
        };
    }
}
