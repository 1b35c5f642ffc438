using Npgsql;
using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Storage.Postgres.Conversations;

internal sealed partial class PostgresConversationStore
{
    /// <inheritdoc />
    public async Task<ForkResult> ForkAsync(ForkCommit fork, CancellationToken cancellationToken)
    {
        long storeId = await ReserveStoreIdAsync(cancellationToken).ConfigureAwait(false);
        bool made = await RunAsync((connection, token) => MakeForkAsync(connection, fork, storeId, token), ReadAttempts, cancellationToken)
            .ConfigureAwait(false);
        StoredHead? head = await RunAsync(
                (connection, token) => FindHeadAsync(connection, fork.Target, token),
                ReadAttempts,
                cancellationToken
            )
            .ConfigureAwait(false);
        bool live = head is not null && !(head.Head.ExpiresAt <= fork.At);
        return (made || head?.StoreId == storeId, live) switch
        {
            // A fork that was made by an attempt without an answer is found under the id that was reserved for it.
            (true, true) => new ForkResult(ForkStatus.Created, head!.Head, fork.SourceStoreId),
            (_, true) => new ForkResult(ForkStatus.Exists, head!.Head, head.ParentStoreId),
            _ => new ForkResult(ForkStatus.Lost, null, null),
        };
    }

    private static async Task<bool> MakeForkAsync(
        NpgsqlConnection connection,
        ForkCommit fork,
        long storeId,
        CancellationToken cancellationToken
    )
    {
        var sql = new NpgsqlBatch(connection);
        await using var _ = sql.ConfigureAwait(false);
        NpgsqlBatchCommand replace = ByKey(SqlScripts.ReplaceExpiredLife, fork.Target);
        replace.Parameters.Instant(fork.At).Bigint(storeId);
        sql.BatchCommands.Add(replace);
        var make = new NpgsqlBatchCommand(SqlScripts.ForkConversation);
        make.Parameters.Bigint(fork.SourceStoreId)
            .Bigint(fork.SourceVersion)
            .Bigint(storeId)
            .Text(fork.Target.Tenant)
            .Text(fork.Target.Id)
            .Bigint(fork.AtSequence)
            .Instant(fork.At)
            .Instant(fork.ExpiresAt);
        sql.BatchCommands.Add(make);
        NpgsqlDataReader reader = await sql.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        return await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<StoredHead?> FindHeadAsync(
        NpgsqlConnection connection,
        ConversationKey key,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(SqlScripts.LoadHead, connection);
        await using var _ = command.ConfigureAwait(false);
        command.Parameters.Text(key.Tenant).Text(key.Id);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        return await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? StoredHead.Read(reader, key) : null;
    }
}
