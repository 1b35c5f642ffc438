using Microsoft.Extensions.Logging;
using Npgsql;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage.Postgres.Commit;
using OrleansMemory.Grains.Storage.Postgres.Schema;

namespace OrleansMemory.Grains.Storage.Postgres.Conversations;

/// <summary>Conversations in PostgreSQL; see <c>README.md</c> beside this file for the tables, the locks and the commit protocol.</summary>
internal sealed partial class PostgresConversationStore : IConversationStore, IAsyncDisposable
{
    private static readonly TenantWall NoWall = new(null);

    private readonly TenantWall _wall;
    private readonly NpgsqlDataSource _reads;
    private readonly NpgsqlDataSource _commits;
    private readonly CommitPipeline _pipeline;
    private readonly StoreIdBlock _storeIds;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;

    private PostgresConversationStore(
        PostgresStorageOptions options,
        MemoryInstruments instruments,
        ILoggerFactory loggers,
        TimeProvider timeProvider
    )
    {
        _wall = new TenantWall(string.IsNullOrEmpty(options.ReadingRole) ? null : options.ReadingRole);
        _reads = PostgresConnections.ForReading(options);
        _commits = PostgresConnections.ForCommitting(options);
        _pipeline = new CommitPipeline(_commits, options, instruments, loggers, timeProvider);
        _storeIds = new StoreIdBlock();
        _timeProvider = timeProvider;
        _logger = loggers.CreateLogger<PostgresConversationStore>();
    }

    /// <summary>Migrates the schema and opens the store.</summary>
    /// <param name="options">Validated options.</param>
    /// <param name="instruments">What is measured.</param>
    /// <param name="loggers">Makes our loggers.</param>
    /// <param name="timeProvider">The clock of time-outs and pauses.</param>
    /// <exception cref="SchemaMismatchException">The database does not fit this build.</exception>
    /// <exception cref="SchemaRightsException">The schema must be changed, and the account may not.</exception>
    /// <exception cref="DatabaseStartException">The reading role cannot be one.</exception>
    /// <exception cref="NpgsqlException">The database cannot be reached, or refuses us.</exception>
    public static async Task<PostgresConversationStore> OpenAsync(
        PostgresStorageOptions options,
        MemoryInstruments instruments,
        ILoggerFactory loggers,
        TimeProvider timeProvider,
        CancellationToken cancellationToken
    )
    {
        await SchemaStart.Create(options, loggers).OpenAsync(cancellationToken).ConfigureAwait(false);
        return new PostgresConversationStore(options, instruments, loggers, timeProvider);
    }

    /// <summary>What reads for one tenant goes behind it.</summary>
    internal TenantWall Wall => _wall;

    /// <inheritdoc />
    public Task<CommitResult> CommitAsync(TurnCommit commit, CancellationToken cancellationToken) =>
        _pipeline.CommitAsync(commit, cancellationToken);

    /// <inheritdoc />
    public ValueTask<long> ReserveStoreIdAsync(CancellationToken cancellationToken) =>
        _storeIds.TryTake(out long id) ? ValueTask.FromResult(id) : new ValueTask<long>(ReserveBlockAsync(cancellationToken));

    /// <inheritdoc />
    public Task PingAsync(CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, token) =>
            {
                var command = new NpgsqlCommand(SqlScripts.Ping, connection);
                await using var _ = command.ConfigureAwait(false);
                return await command.ExecuteScalarAsync(token).ConfigureAwait(false);
            },
            attempts: 1,
            cancellationToken
        );

    /// <summary>Writes what waits, then closes every connection.</summary>
    /// <returns>A task that ends when all is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        await _pipeline.DisposeAsync().ConfigureAwait(false);
        await _commits.DisposeAsync().ConfigureAwait(false);
        await _reads.DisposeAsync().ConfigureAwait(false);
    }

    private Task<long> ReserveBlockAsync(CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, token) =>
            {
                var command = new NpgsqlCommand(SqlScripts.ReserveStoreIds, connection);
                await using var _ = command.ConfigureAwait(false);
                NpgsqlDataReader reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
                await using var __ = reader.ConfigureAwait(false);
                await reader.ReadAsync(token).ConfigureAwait(false);
                return _storeIds.Refill(reader.GetInt64(0), reader.GetInt64(1));
            },
            ReadAttempts,
            cancellationToken
        );
}
