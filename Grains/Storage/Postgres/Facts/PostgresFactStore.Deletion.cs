using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Storage.Postgres.Facts;

// What is deleted is picked first and locked after, so that a step knows whether it has reached its bound whatever others delete at the
// same time.
internal sealed partial class PostgresFactStore
{
    /// <inheritdoc />
    public async Task<bool> DeleteAsync(string tenant, string id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (FactRows.ParseId(id) is not { } key)
        {
            return false;
        }

        // An attempt that ended without an answer may have been committed.
        bool live = false;
        await RunAsync(
                async (connection, token) =>
                {
                    MemoryFact? fact = await ReadOneAsync(connection, SqlScripts.FindMemory, tenant, key, token).ConfigureAwait(false);
                    live |= fact is not null && !(fact.ExpiresAt <= at);
                    Guid[] targets = await PickAsync(
                            new NpgsqlCommand(SqlScripts.PickMemory, connection),
                            parameters => parameters.Text(tenant).Uuid(key),
                            token
                        )
                        .ConfigureAwait(false);
                    return await ForgetAsync(connection, targets, at, due: null, token).ConfigureAwait(false);
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        return live;
    }

    /// <inheritdoc />
    public Task<FactDeletion> ClearAsync(MemoryScope scope, DateTimeOffset at, int limit, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, token) =>
            {
                NpgsqlTransaction transaction = await connection.BeginTransactionAsync(token).ConfigureAwait(false);
                await using ConfiguredAsyncDisposable _ = transaction.ConfigureAwait(false);
                Guid[] targets = await PickAsync(
                        SqlScripts.PickScopeMemories.For(scope, connection),
                        parameters => parameters.Bigint(limit),
                        token
                    )
                    .ConfigureAwait(false);
                FactDeletion deleted = await ForgetAsync(connection, targets, at, due: null, token).ConfigureAwait(false) with
                {
                    More = targets.Length == limit,
                };
                if (!deleted.More)
                {
                    await ExecuteAsync(
                            connection,
                            SqlScripts.ForgetScopeRecordings,
                            parameters => parameters.Text(scope.Tenant).Names(scope).Instant(at),
                            token
                        )
                        .ConfigureAwait(false);
                }

                await transaction.CommitAsync(token).ConfigureAwait(false);
                return deleted;
            },
            cancellationToken
        );

    /// <inheritdoc />
    public Task<FactSweepResult> SweepAsync(FactSweep sweep, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, token) =>
            {
                Guid[] due = await PickAsync(
                        new NpgsqlCommand(SqlScripts.PickExpiredMemories, connection),
                        parameters => parameters.Instant(sweep.At).Bigint(sweep.Limit),
                        token
                    )
                    .ConfigureAwait(false);
                FactDeletion expired = await ForgetAsync(connection, due, sweep.At, due: sweep.At, token).ConfigureAwait(false);
                int traces = await ExecuteAsync(
                        connection,
                        SqlScripts.SweepMemoryTraces,
                        parameters => parameters.Instant(sweep.TracesBefore).Bigint(sweep.Limit),
                        token
                    )
                    .ConfigureAwait(false);
                int keys = await ExecuteAsync(
                        connection,
                        SqlScripts.SweepRecordings,
                        parameters => parameters.Instant(sweep.KeysBefore).Bigint(sweep.Limit),
                        token
                    )
                    .ConfigureAwait(false);
                int vectors = _mirror is null ? 0 : await _mirror.StepAsync(connection, sweep.Limit, token).ConfigureAwait(false);
                return new FactSweepResult(expired.Rows, traces, keys, vectors);
            },
            cancellationToken
        );

    /// <summary>Deletes what was recorded from conversations that go, within the transaction that deletes these.</summary>
    /// <param name="conversations">The conversations' ids.</param>
    /// <param name="at">The instant.</param>
    /// <returns>How many memories.</returns>
    internal static async Task<int> ForgetConversationsAsync(
        NpgsqlConnection connection,
        string tenant,
        string[] conversations,
        DateTimeOffset at,
        CancellationToken cancellationToken
    )
    {
        Guid[] targets = await PickAsync(
                new NpgsqlCommand(SqlScripts.PickConversationMemories, connection),
                parameters => parameters.Text(tenant).Array(conversations, NpgsqlDbType.Text),
                cancellationToken
            )
            .ConfigureAwait(false);
        await ExecuteAsync(
                connection,
                SqlScripts.ForgetConversationRecordings,
                parameters => parameters.Text(tenant).Array(conversations, NpgsqlDbType.Text).Instant(at),
                cancellationToken
            )
            .ConfigureAwait(false);
        return (await ForgetAsync(connection, targets, at, due: null, cancellationToken).ConfigureAwait(false)).Rows;
    }

    private static async Task<Guid[]> PickAsync(
        NpgsqlCommand command,
        Action<NpgsqlParameterCollection> bind,
        CancellationToken cancellationToken
    )
    {
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        bind(command.Parameters);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            ids.Add(reader.GetGuid(0));
        }

        return [.. ids];
    }

    private static async Task<FactDeletion> ForgetAsync(
        NpgsqlConnection connection,
        Guid[] ids,
        DateTimeOffset at,
        DateTimeOffset? due,
        CancellationToken cancellationToken
    )
    {
        if (ids.Length == 0)
        {
            return default;
        }

        var command = new NpgsqlCommand(SqlScripts.ForgetMemories, connection);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        command.Parameters.Array(ids, NpgsqlDbType.Uuid).Instant(at).Instant(due);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        return new FactDeletion((int)reader.GetInt64(0), (int)reader.GetInt64(1), More: false);
    }
}
