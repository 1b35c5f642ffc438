using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using OrleansMemory.Grains.Storage.Postgres.Conversations;
using OrleansMemory.Usage;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>Usage in the tables of <c>0015_usage.sql</c>, on the connections for reading.</summary>
/// <param name="store">Where connections come from.</param>
internal sealed partial class PostgresUsageStore(PostgresConversationStore store) : IUsageStore
{
    private const int Attempts = 4;

    /// <summary>How many heads are read to find the hottest conversations.</summary>
    private const int HotHeads = 10_000;

    /// <inheritdoc />
    public Task<IReadOnlyList<TenantUsage>> NoteAsync(
        IReadOnlyList<UsageGrowth> growth,
        DateOnly day,
        IReadOnlyCollection<string> wanted,
        CancellationToken cancellationToken
    ) =>
        store.RunAsync(
            async (connection, token) =>
            {
                var batch = new NpgsqlBatch(connection);
                await using ConfiguredAsyncDisposable _ = batch.ConfigureAwait(false);
                if (growth.Count > 0)
                {
                    batch.BatchCommands.Add(Note(growth, day));
                }

                var read = new NpgsqlBatchCommand(SqlScripts.ReadUsage);
                read.Parameters.Array([.. wanted], NpgsqlDbType.Text);
                batch.BatchCommands.Add(read);
                NpgsqlDataReader reader = await batch.ExecuteReaderAsync(token).ConfigureAwait(false);
                return await ReadAllAsync(reader, UsageRows.Tenant, token).ConfigureAwait(false);
            },
            attempts: 1,
            cancellationToken
        );

    /// <inheritdoc />
    public async Task<TenantUsage> ReadAsync(string tenant, CancellationToken cancellationToken)
    {
        IReadOnlyList<TenantUsage> found = await QueryAsync(
                SqlScripts.ReadUsage,
                parameters => parameters.Array([tenant], NpgsqlDbType.Text),
                UsageRows.Tenant,
                cancellationToken
            )
            .ConfigureAwait(false);
        return found.Count == 0 ? new TenantUsage { Tenant = tenant } : found[0];
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<TenantUsage>> ListTenantsAsync(string after, int limit, CancellationToken cancellationToken) =>
        QueryAsync(SqlScripts.ListTenants, parameters => parameters.Text(after).Bigint(limit), UsageRows.Tenant, cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<ConversationUsage>> ListLargestAsync(string tenant, int limit, CancellationToken cancellationToken) =>
        QueryAsync(SqlScripts.ListLargest, parameters => parameters.Text(tenant).Bigint(limit), UsageRows.Conversation, cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<ConversationUsage>> ListHottestAsync(
        string tenant,
        DateTimeOffset since,
        DateTimeOffset now,
        int limit,
        CancellationToken cancellationToken
    ) =>
        QueryAsync(
            SqlScripts.ListHottest,
            parameters => parameters.Text(tenant).Instant(since).Instant(now).Bigint(limit).Bigint(HotHeads),
            UsageRows.Conversation,
            cancellationToken
        );

    /// <inheritdoc />
    public Task<IReadOnlyList<UserUsage>> ListUsersAsync(string tenant, int limit, CancellationToken cancellationToken) =>
        QueryAsync(SqlScripts.ListUsers, parameters => parameters.Text(tenant).Bigint(limit), UsageRows.User, cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<DayUsage>> ListDaysAsync(string tenant, DateOnly first, CancellationToken cancellationToken) =>
        QueryAsync(SqlScripts.ListDays, parameters => parameters.Text(tenant).Day(first), UsageRows.Day, cancellationToken);

    private static NpgsqlBatchCommand Note(IReadOnlyList<UsageGrowth> growth, DateOnly day)
    {
        var note = new NpgsqlBatchCommand(SqlScripts.AddUsage);
        note.Parameters.Array([.. growth.Select(row => row.Tenant)], NpgsqlDbType.Text);
        foreach (
            Func<UsageAmount, long> column in (Func<UsageAmount, long>[])
                [
                    amount => amount.Conversations,
                    amount => amount.Messages,
                    amount => amount.Bytes,
                    amount => amount.Turns,
                    amount => amount.Appended,
                    amount => amount.AppendedBytes,
                ]
        )
        {
            note.Parameters.Array([.. growth.Select(row => column(row.Amount))], NpgsqlDbType.Bigint);
        }

        note.Parameters.Day(day);
        return note;
    }

    private static async Task<IReadOnlyList<T>> ReadAllAsync<T>(
        NpgsqlDataReader reader,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken
    )
    {
        await using ConfiguredAsyncDisposable _ = reader.ConfigureAwait(false);
        var rows = new List<T>();
        do
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                rows.Add(read(reader));
            }
        } while (await reader.NextResultAsync(cancellationToken).ConfigureAwait(false));
        return rows;
    }

    private static async Task<IReadOnlyList<T>> QueryAsync<T>(
        NpgsqlConnection connection,
        string sql,
        Func<NpgsqlParameterCollection, NpgsqlParameterCollection> bind,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(sql, connection);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        bind(command.Parameters);
        return await ReadAllAsync(await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false), read, cancellationToken)
            .ConfigureAwait(false);
    }

    private Task<IReadOnlyList<T>> QueryAsync<T>(
        string sql,
        Func<NpgsqlParameterCollection, NpgsqlParameterCollection> bind,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken
    ) => store.RunAsync((connection, token) => QueryAsync(connection, sql, bind, read, token), Attempts, cancellationToken);
}
