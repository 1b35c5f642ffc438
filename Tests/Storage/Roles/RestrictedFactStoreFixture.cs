using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.Postgres.Conversations;
using OrleansMemory.Grains.Storage.Postgres.Facts;
using OrleansMemory.Tests.Contracts;

namespace OrleansMemory.Tests.Storage.Roles;

/// <summary>A store of long-term memories whose account may change no table, and which reads behind the wall of row security.</summary>
public sealed class RestrictedFactStoreFixture : FactStoreFixture
{
    private readonly RestrictedDatabase _database = new();
    private readonly MemoryInstruments _instruments = new();
    private PostgresConversationStore? _conversations;
    private PostgresFactStore? _store;

    internal override IFactStore Store => _store!;

    internal override IConversationStore Conversations => _conversations!;

    public override async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        await _database.MigrateAsync();
        _conversations = await PostgresConversationStore.OpenAsync(
            _database.Options,
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
        var connection = new NpgsqlConnection(_database.As(_database.Running) + ";Pooling=false;Search Path=orleans_memory");
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
