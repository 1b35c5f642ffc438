using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Storage.Postgres.Conversations;

internal sealed partial class PostgresConversationStore
{
    /// <summary>A life with more rows than this is not removed among others.</summary>
    private const long LargeLifeRows = 1_000;

    /// <summary>About the most rows that one transaction removes.</summary>
    private const long StepRows = 20_000;

    /// <inheritdoc />
    public Task<ExpirySweepResult> SweepExpiredAsync(ExpirySweep sweep, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, token) =>
            {
                long[] slots = sweep.Share.Slots();
                int entries = await SweepEntriesAsync(connection, sweep, slots, token).ConfigureAwait(false);
                var command = new NpgsqlCommand(SqlScripts.LockExpired, connection);
                await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
                command.Parameters.Instant(sweep.At).Array(slots, NpgsqlDbType.Bigint).Bigint(sweep.Limit);
                (int found, int gone, DeleteReceipt removed) = await ExpireLockedAsync(command, token).ConfigureAwait(false);
                return new ExpirySweepResult(
                    gone,
                    removed.Messages,
                    entries + removed.Entries,
                    gone < found || found == sweep.Limit || entries == sweep.Limit
                );
            },
            ReadAttempts,
            cancellationToken
        );

    /// <inheritdoc />
    public Task<bool> ExpireAsync(long storeId, DateTimeOffset at, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, token) =>
            {
                var command = new NpgsqlCommand(SqlScripts.LockExpiredLife, connection);
                await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
                command.Parameters.Instant(at).Bigint(storeId);
                return (await ExpireLockedAsync(command, token).ConfigureAwait(false)).Gone > 0;
            },
            ReadAttempts,
            cancellationToken
        );

    /// <summary>Locks expired lives, sets those aside that others need or that are large, and removes the others.</summary>
    private static async Task<(int Found, int Gone, DeleteReceipt Removed)> ExpireLockedAsync(
        NpgsqlCommand locking,
        CancellationToken cancellationToken
    )
    {
        NpgsqlConnection connection = locking.Connection!;
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable _ = transaction.ConfigureAwait(false);
        List<(long StoreId, long Rows)> locked = await ReadLockedAsync(locking, cancellationToken).ConfigureAwait(false);
        if (locked.Count == 0)
        {
            return (0, 0, new DeleteReceipt { Existed = false });
        }

        HashSet<long> aside = await SetAsideAsync(connection, locked, cancellationToken).ConfigureAwait(false);
        long rows = 0;
        long[] lives =
        [
            .. locked
                .Where(life => !aside.Contains(life.StoreId))
                .TakeWhile(life => (rows += life.Rows) <= StepRows)
                .Select(life => life.StoreId),
        ];
        DeleteReceipt removed = await RemoveAsync(connection, lives, cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return (locked.Count, aside.Count + lives.Length, removed);
    }

    private static async Task<List<(long StoreId, long Rows)>> ReadLockedAsync(NpgsqlCommand locking, CancellationToken cancellationToken)
    {
        NpgsqlDataReader reader = await locking.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable _ = reader.ConfigureAwait(false);
        var locked = new List<(long, long)>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            locked.Add((reader.GetInt64(0), reader.GetInt64(1)));
        }

        return locked;
    }

    private static async Task<HashSet<long>> SetAsideAsync(
        NpgsqlConnection connection,
        List<(long StoreId, long Rows)> locked,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(SqlScripts.SetAsideLives, connection);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        command
            .Parameters.Array<long>([.. locked.Select(life => life.StoreId)], NpgsqlDbType.Bigint)
            .Array<long>([.. locked.Where(life => life.Rows > LargeLifeRows).Select(life => life.StoreId)], NpgsqlDbType.Bigint);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
        var aside = new HashSet<long>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            aside.Add(reader.GetInt64(0));
        }

        return aside;
    }

    private static async Task<int> SweepEntriesAsync(
        NpgsqlConnection connection,
        ExpirySweep sweep,
        long[] slots,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(SqlScripts.SweepEntries, connection);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        command.Parameters.Instant(sweep.At).Array(slots, NpgsqlDbType.Bigint).Bigint(sweep.Limit);
        return (int)(long)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }
}
