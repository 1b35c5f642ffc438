using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Storage.Postgres.Conversations;

// A deleted life that forks read from is retired: it has no name, and holds what they read.
internal sealed partial class PostgresConversationStore
{
    /// <summary>Removes locked lives, save for what forks read of them.</summary>
    private static async Task<DeleteReceipt> RetireOrRemoveAsync(
        NpgsqlConnection connection,
        long[] lives,
        CancellationToken cancellationToken
    )
    {
        List<LifeLinks> links = await FindLinksAsync(connection, lives, cancellationToken).ConfigureAwait(false);
        long[] read = [.. links.Where(life => life.HasForks).Select(life => life.StoreId)];
        DeleteReceipt retired =
            read.Length == 0
                ? new DeleteReceipt { Existed = true }
                : await RemoveAsync(connection, SqlScripts.RetireLives, read, cancellationToken).ConfigureAwait(false);
        DeleteReceipt removed = await RemoveAsync(connection, [.. lives.Except(read)], cancellationToken).ConfigureAwait(false);
        await ReleaseAsync(connection, links, cancellationToken).ConfigureAwait(false);
        return removed with
        {
            Messages = removed.Messages + retired.Messages,
            Entries = removed.Entries + retired.Entries,
            Turns = removed.Turns + retired.Turns,
        };
    }

    /// <summary>What lives that were removed or retired have read from is read less now: of those that are retired, what is not read goes,
    /// and so on up the line.</summary>
    private static async Task ReleaseAsync(NpgsqlConnection connection, List<LifeLinks> gone, CancellationToken cancellationToken)
    {
        List<LifeLinks> below = gone;
        while (below.Any(life => life.ParentId is not null))
        {
            long[] parents = [.. below.Where(life => life.ParentId is not null).Select(life => life.ParentId!.Value).Distinct()];
            long[] retired = await LockRetiredAsync(connection, parents, cancellationToken).ConfigureAwait(false);
            if (retired.Length == 0)
            {
                return;
            }

            below = await FindLinksAsync(connection, retired, cancellationToken).ConfigureAwait(false);
            long[] read = [.. below.Where(life => life.HasForks).Select(life => life.StoreId)];
            if (read.Length > 0)
            {
                await RemoveAsync(connection, SqlScripts.RetireLives, read, cancellationToken).ConfigureAwait(false);
            }

            await RemoveAsync(connection, [.. retired.Except(read)], cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<long[]> LockRetiredAsync(NpgsqlConnection connection, long[] lives, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(SqlScripts.LockRetired, connection);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        command.Parameters.Array(lives, NpgsqlDbType.Bigint);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
        var locked = new List<long>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            locked.Add(reader.GetInt64(0));
        }

        return [.. locked];
    }

    private static async Task<List<LifeLinks>> FindLinksAsync(
        NpgsqlConnection connection,
        long[] lives,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(SqlScripts.FindParents, connection);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        command.Parameters.Array(lives, NpgsqlDbType.Bigint);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
        var links = new List<LifeLinks>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            links.Add(new LifeLinks(reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetInt64(1), reader.GetBoolean(2)));
        }

        return links;
    }

    /// <summary>How a life hangs together with others.</summary>
    /// <param name="ParentId">What it was forked from.</param>
    private readonly record struct LifeLinks(long StoreId, long? ParentId, bool HasForks);
}
