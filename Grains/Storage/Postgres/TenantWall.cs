using Npgsql;
using NpgsqlTypes;
using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>
/// Row security as a second wall between tenants: what reads for one of them goes as a role that sees nothing of the others and can change
/// nothing, whatever its statements say. Role and tenant are set by the first statement of the transaction and end with it, so that nothing
/// stays on a pooled connection, also behind a pooler.
/// </summary>
/// <param name="role">The reading role; <see langword="null"/> for no wall.</param>
internal sealed class TenantWall(string? role)
{
    /// <summary>Begins what reads rows of lives.</summary>
    /// <param name="connection">The connection. Whatever else its transaction does is behind the wall as well.</param>
    /// <param name="lives">The lives, as far as they are known: others of the tenant are found as well, more slowly.</param>
    /// <returns>Statements to add to, for <see cref="ReadAsync"/>.</returns>
    public NpgsqlBatch Enter(NpgsqlConnection connection, string tenant, params long[] lives)
    {
        var sql = new NpgsqlBatch(connection);
        if (role is not null)
        {
            var enter = new NpgsqlBatchCommand(SqlScripts.EnterTenant);
            enter.Parameters.Text(role).Text(tenant).Array(lives, NpgsqlDbType.Bigint);
            sql.BatchCommands.Add(enter);
        }

        return sql;
    }

    /// <summary>Begins what reads one conversation.</summary>
    /// <param name="connection">The connection. Whatever else its transaction does is behind the wall as well.</param>
    /// <returns>Statements to add to, for <see cref="ReadAsync"/>.</returns>
    public NpgsqlBatch Enter(NpgsqlConnection connection, ConversationKey key)
    {
        var sql = new NpgsqlBatch(connection);
        if (role is not null)
        {
            var enter = new NpgsqlBatchCommand(SqlScripts.EnterConversation);
            enter.Parameters.Text(role).Text(key.Tenant).Text(key.Id);
            sql.BatchCommands.Add(enter);
        }

        return sql;
    }

    /// <summary>Runs what was begun by <see cref="Enter(NpgsqlConnection, ConversationKey)"/>.</summary>
    /// <param name="sql">The statements.</param>
    /// <returns>The reader, at the result of the first statement that was added.</returns>
    public async Task<NpgsqlDataReader> ReadAsync(NpgsqlBatch sql, CancellationToken cancellationToken)
    {
        NpgsqlDataReader reader = await sql.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (role is not null)
            {
                await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
            }

            return reader;
        }
        catch
        {
            // Its caller has no reader yet that could be disposed.
            await reader.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Runs a single statement.</summary>
    /// <param name="connection">The connection. Whatever else its transaction does is behind the wall as well.</param>
    /// <param name="tenant">For whom.</param>
    /// <param name="read">Reads its result.</param>
    public async Task<T> ReadAsync<T>(
        NpgsqlConnection connection,
        string tenant,
        NpgsqlBatchCommand command,
        Func<NpgsqlDataReader, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken
    )
    {
        NpgsqlBatch sql = Enter(connection, tenant);
        await using var _ = sql.ConfigureAwait(false);
        sql.BatchCommands.Add(command);
        NpgsqlDataReader reader = await ReadAsync(sql, cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        return await read(reader, cancellationToken).ConfigureAwait(false);
    }
}
