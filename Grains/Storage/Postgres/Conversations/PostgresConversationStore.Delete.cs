using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage.Postgres.Facts;

namespace OrleansMemory.Grains.Storage.Postgres.Conversations;

internal sealed partial class PostgresConversationStore
{
    private const short Live = 0;

    /// <inheritdoc />
    public Task<DeleteResult> DeleteAsync(DeleteCommit deletion, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, token) =>
            {
                (ConversationKey key, DateTimeOffset at) = (deletion.Key, deletion.At);
                NpgsqlTransaction transaction = await connection.BeginTransactionAsync(token).ConfigureAwait(false);
                await using var _ = transaction.ConfigureAwait(false);
                LockedLives locked = await LockLivesAsync(connection, key, at, token).ConfigureAwait(false);
                if (deletion.Check(locked.LiveVersion, locked.LiveSince) is { } untouched)
                {
                    return untouched;
                }

                long[] lives = locked.StoreIds;

                // They outlive a conversation that has expired: it may be long gone.
                await PostgresFactStore.ForgetConversationsAsync(connection, key.Tenant, [key.Id], at, token).ConfigureAwait(false);
                if (lives.Length == 0)
                {
                    await transaction.CommitAsync(token).ConfigureAwait(false);
                    return new DeleteResult(new DeleteReceipt { Existed = false }, []);
                }

                await MarkGoneAsync(connection, lives, at, token).ConfigureAwait(false);
                (DeleteReceipt removed, ImmutableArray<ConversationKey> cut) = deletion.CutsForks
                    ? await CutAndRemoveAsync(connection, lives, token).ConfigureAwait(false)
                    : (await RetireOrRemoveAsync(connection, lives, token).ConfigureAwait(false), []);
                await transaction.CommitAsync(token).ConfigureAwait(false);
                return new DeleteResult(removed with { Existed = locked.LiveVersion is not null, ForksCut = cut.Length }, cut);
            },
            ReadAttempts,
            cancellationToken
        );

    private static async Task<LockedLives> LockLivesAsync(
        NpgsqlConnection connection,
        ConversationKey key,
        DateTimeOffset at,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(SqlScripts.LockLives, connection);
        await using var _ = command.ConfigureAwait(false);
        command.Parameters.Text(key.Tenant).Text(key.Id);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        var lives = new List<long>();
        (long? version, DateTimeOffset? since) = (null, null);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            lives.Add(reader.GetInt64(0));
            bool expired = !reader.IsDBNull(2) && reader.GetFieldValue<DateTimeOffset>(2) <= at;
            if (reader.GetInt16(1) == Live && !expired)
            {
                (version, since) = (reader.GetInt64(3), reader.GetFieldValue<DateTimeOffset>(4));
            }
        }

        return new LockedLives([.. lives], version, since);
    }

    private static async Task LockForksAsync(NpgsqlConnection connection, long[] lives, CancellationToken cancellationToken)
    {
        (int before, int locked) = (-1, 0);
        while (locked != before)
        {
            var command = new NpgsqlCommand(SqlScripts.LockForks, connection);
            await using var _ = command.ConfigureAwait(false);
            command.Parameters.Array(lives, NpgsqlDbType.Bigint);
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using var __ = reader.ConfigureAwait(false);
            (before, locked) = (locked, 0);
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                locked++;
            }
        }
    }

    /// <summary>Removes locked lives, and from forks all that came to them through these.</summary>
    private static async Task<(DeleteReceipt Removed, ImmutableArray<ConversationKey> Cut)> CutAndRemoveAsync(
        NpgsqlConnection connection,
        long[] lives,
        CancellationToken cancellationToken
    )
    {
        await LockForksAsync(connection, lives, cancellationToken).ConfigureAwait(false);
        return await CutLockedAsync(connection, lives, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<(DeleteReceipt Removed, ImmutableArray<ConversationKey> Cut)> CutLockedAsync(
        NpgsqlConnection connection,
        long[] lives,
        CancellationToken cancellationToken
    )
    {
        int copies = await ForgetCopiesAsync(connection, lives, cancellationToken).ConfigureAwait(false);
        List<LifeLinks> links = await FindLinksAsync(connection, lives, cancellationToken).ConfigureAwait(false);
        ImmutableArray<ConversationKey> cut = await CutForksAsync(connection, lives, cancellationToken).ConfigureAwait(false);
        DeleteReceipt removed = await RemoveAsync(connection, lives, cancellationToken).ConfigureAwait(false);
        await ReleaseAsync(connection, links, cancellationToken).ConfigureAwait(false);
        return (removed with { Entries = removed.Entries + copies }, cut);
    }

    private static async Task<int> ForgetCopiesAsync(NpgsqlConnection connection, long[] lives, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(SqlScripts.ForgetCopies, connection);
        await using var _ = command.ConfigureAwait(false);
        command.Parameters.Array(lives, NpgsqlDbType.Bigint);
        return (int)(long)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    private static async Task<ImmutableArray<ConversationKey>> CutForksAsync(
        NpgsqlConnection connection,
        long[] lives,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(SqlScripts.CutForks, connection);
        await using var _ = command.ConfigureAwait(false);
        command.Parameters.Array(lives, NpgsqlDbType.Bigint);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        ImmutableArray<ConversationKey>.Builder cut = ImmutableArray.CreateBuilder<ConversationKey>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (reader.GetInt16(2) == Live)
            {
                cut.Add(ConversationKey.Create(reader.GetString(0), reader.GetString(1)));
            }
        }

        return cut.ToImmutable();
    }

    private static Task<DeleteReceipt> RemoveAsync(NpgsqlConnection connection, long[] lives, CancellationToken cancellationToken) =>
        RemoveAsync(connection, SqlScripts.DeleteLives, lives, cancellationToken);

    private static async Task<DeleteReceipt> RemoveAsync(
        NpgsqlConnection connection,
        string sql,
        long[] lives,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(sql, connection);
        await using var _ = command.ConfigureAwait(false);
        command.Parameters.Array(lives, NpgsqlDbType.Bigint);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        return new DeleteReceipt
        {
            Existed = true,
            Messages = reader.GetInt64(0),
            Entries = reader.GetInt64(1),
            Turns = reader.GetInt64(2),
        };
    }

    /// <summary>The lives of a name, locked.</summary>
    /// <param name="StoreIds">All of them, ascending.</param>
    /// <param name="LiveVersion">The version of the one that is live and has not expired; <see langword="null"/> when none is.</param>
    /// <param name="LiveSince">When that one began.</param>
    private sealed record LockedLives(long[] StoreIds, long? LiveVersion, DateTimeOffset? LiveSince);
}
