using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage.Postgres.Conversations;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Storage.Postgres.Facts;

/// <summary>
/// Long-term memories in PostgreSQL; see <c>README.md</c> beside this file for the tables, the locks and how changes are found.
/// </summary>
internal sealed partial class PostgresFactStore : IFactStore
{
    /// <summary>How often something is tried whose repetition does no harm.</summary>
    private const int Attempts = 4;

    private readonly PostgresConversationStore _store;

    private PostgresFactStore(PostgresConversationStore store) => _store = store;

    /// <summary>Opens the memories of a database whose conversations are open. Transaction ids of another cluster are replaced.</summary>
    /// <param name="store">The conversations, with whose connections it works.</param>
    /// <param name="logger">Is told when ids were replaced.</param>
    public static async Task<PostgresFactStore> OpenAsync(
        PostgresConversationStore store,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        var facts = new PostgresFactStore(store);
        int rebased = await facts.RunAsync(AdoptClusterAsync, cancellationToken).ConfigureAwait(false);
        if (rebased > 0)
        {
            LogRebased(logger, rebased);
        }

        await facts.OpenMirrorAsync(cancellationToken).ConfigureAwait(false);
        LogOpened(logger, facts._mirror is not null);
        return facts;
    }

    /// <inheritdoc />
    public Task<MemoryFact?> FindAsync(string tenant, string id, CancellationToken cancellationToken) =>
        FactRows.ParseId(id) is not { } key
            ? Task.FromResult<MemoryFact?>(null)
            : RunAsync(
                async (connection, token) =>
                {
                    var command = new NpgsqlBatchCommand(SqlScripts.FindMemory);
                    command.Parameters.Text(tenant).Uuid(key);
                    IReadOnlyList<StoredFact> found = await ReadAsync(connection, tenant, command, vector: null, token)
                        .ConfigureAwait(false);
                    return found.Count == 0 ? null : found[0].Fact;
                },
                cancellationToken
            );

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredFact>> ListAsync(FactList list, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, token) =>
            {
                // As with lists of conversations: behind the wall there is no index of labels.
                TenantWall wall = list.Labels.Any() ? new TenantWall(null) : _store.Wall;
                NpgsqlBatch sql = wall.Enter(connection, list.Tenant);
                await using ConfiguredAsyncDisposable _ = sql.ConfigureAwait(false);
                sql.BatchCommands.Add(new NpgsqlBatchCommand(SqlScripts.PlanForValues));
                sql.BatchCommands.Add(ListCommand(list));
                NpgsqlDataReader reader = await wall.ReadAsync(sql, token).ConfigureAwait(false);
                await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
                await reader.NextResultAsync(token).ConfigureAwait(false);
                return await FactRows.ReadAllAsync(reader, vector: null, token).ConfigureAwait(false);
            },
            cancellationToken
        );

    /// <summary>Binds a list to <c>list_memories.sql</c>.</summary>
    internal static NpgsqlBatchCommand ListCommand(FactList list)
    {
        var command = new NpgsqlBatchCommand(SqlScripts.ListMemories);
        command
            .Parameters.Text(list.Tenant)
            .Text(list.Agent)
            .Text(list.User)
            .Text(list.Session)
            .Integer((int?)list.Kind)
            .Array([.. list.Labels], NpgsqlDbType.Text)
            .Instant(list.Now)
            .Bigint(list.Before ?? long.MaxValue)
            .Bigint(list.Limit)
            .Bigint(list.MaxBytes);
        return command;
    }

    private static async Task<int> AdoptClusterAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable _ = transaction.ConfigureAwait(false);
        if (await ExecuteAsync(connection, SqlScripts.AdoptCluster, static _ => { }, cancellationToken).ConfigureAwait(false) == 0)
        {
            return 0;
        }

        int rebased = await ExecuteAsync(connection, SqlScripts.RebaseMemories, static _ => { }, cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return rebased;
    }

    private static async Task<MemoryFact?> ReadOneAsync(
        NpgsqlConnection connection,
        string sql,
        string tenant,
        Guid id,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(sql, connection);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        command.Parameters.Text(tenant).Uuid(id);
        IReadOnlyList<StoredFact> found = await FactRows.ReadAllAsync(command, vector: null, cancellationToken).ConfigureAwait(false);
        return found.Count == 0 ? null : found[0].Fact;
    }

    private Task<IReadOnlyList<StoredFact>> ReadAsync(
        NpgsqlConnection connection,
        string tenant,
        NpgsqlBatchCommand command,
        int? vector,
        CancellationToken cancellationToken
    ) =>
        _store.Wall.ReadAsync(
            connection,
            tenant,
            command,
            (reader, token) => FactRows.ReadAllAsync(reader, vector, token),
            cancellationToken
        );

    private static async Task<int> ExecuteAsync(
        NpgsqlConnection connection,
        string sql,
        Action<NpgsqlParameterCollection> bind,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(sql, connection);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        bind(command.Parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private Task<T> RunAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        _store.RunAsync(work, Attempts, cancellationToken);

    [LoggerMessage(
        EventIds.MemoriesRebased,
        LogLevel.Warning,
        "The database was restored into another cluster: {Memories} memories were given transaction ids of this one"
    )]
    private static partial void LogRebased(ILogger logger, int memories);

    [LoggerMessage(EventIds.VectorExtensionSought, LogLevel.Information, "The database has the extension vector: {HasExtension}")]
    private static partial void LogOpened(ILogger logger, bool hasExtension);
}
