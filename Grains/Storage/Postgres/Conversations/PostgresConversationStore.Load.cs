using System.Collections.Immutable;
using Npgsql;
using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Storage.Postgres.Conversations;

internal sealed partial class PostgresConversationStore
{
    /// <inheritdoc />
    public async Task<StoredConversation> LoadAsync(ConversationKey key, TailBounds tail, CancellationToken cancellationToken)
    {
        StoredConversation found = await RunAsync(
                (connection, token) => LoadAsync(connection, key, tail, token),
                ReadAttempts,
                cancellationToken
            )
            .ConfigureAwait(false);
        if (found.Head is null)
        {
            long reserved = await ReserveStoreIdAsync(cancellationToken).ConfigureAwait(false);
            return found with { StoreId = reserved, Lineage = Lineage.Own(key.Tenant, reserved) };
        }

        return found;
    }

    private async Task<StoredConversation> LoadAsync(
        NpgsqlConnection connection,
        ConversationKey key,
        TailBounds tail,
        CancellationToken cancellationToken
    )
    {
        // One snapshot for all parts: a turn that commits in between is seen whole or not at all.
        NpgsqlTransaction transaction = await connection
            .BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken)
            .ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        NpgsqlBatch sql = _wall.Enter(connection, key);
        sql.Transaction = transaction;
        await using var __ = sql.ConfigureAwait(false);
        sql.BatchCommands.Add(ByKey(SqlScripts.LoadHead, key));
        sql.BatchCommands.Add(ByKey(SqlScripts.LoadEntries, key));
        NpgsqlBatchCommand tailCommand = ByKey(SqlScripts.LoadTail, key);
        tailCommand.Parameters.Bigint(tail.Messages).Bigint(tail.Bytes);
        sql.BatchCommands.Add(tailCommand);
        sql.BatchCommands.Add(ByKey(SqlScripts.FindGone, key));
        NpgsqlDataReader reader = await _wall.ReadAsync(sql, cancellationToken).ConfigureAwait(false);
        StoredHead? head;
        ImmutableArray<Entry> entries;
        List<SizedMessage> newest;
        bool hasGone;
        await using (reader.ConfigureAwait(false))
        {
            head = await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? StoredHead.Read(reader, key) : null;
            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
            entries = await ReadEntriesAsync(reader, cancellationToken).ConfigureAwait(false);
            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
            newest = await ReadSizedMessagesAsync(reader, cancellationToken).ConfigureAwait(false);
            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
            hasGone = await reader.ReadAsync(cancellationToken).ConfigureAwait(false) && reader.GetBoolean(0);
        }

        if (head is null)
        {
            return new StoredConversation(0, null, [], [], Lineage.Own(key.Tenant, 0), hasGone);
        }

        Lineage lineage = Lineage.Own(key.Tenant, head.StoreId);
        if (head.ParentStoreId is not null)
        {
            lineage = await ReadLineageAsync(connection, transaction, key, cancellationToken).ConfigureAwait(false);
            await FillTailAsync(connection, lineage, head.Head, newest, tail, cancellationToken).ConfigureAwait(false);
        }

        newest.Reverse();
        return new StoredConversation(head.StoreId, head.Head, entries, [.. newest.Select(sized => sized.Message)], lineage, hasGone);
    }

    /// <summary>A fork's own messages may not fill the tail; the others are its parents'.</summary>
    private async Task FillTailAsync(
        NpgsqlConnection connection,
        Lineage lineage,
        Head head,
        List<SizedMessage> newest,
        TailBounds tail,
        CancellationToken cancellationToken
    )
    {
        long last = newest.Count == 0 ? head.LastSequence : newest[^1].Message.Sequence - 1;
        long bytes = tail.Bytes - newest.Sum(sized => (long)sized.Bytes);
        int room = tail.Messages - newest.Count;
        long ownFirst = lineage.Segments[^1].First;
        if (room <= 0 || bytes <= 0 || (newest.Count > 0 && newest[^1].Message.Sequence > ownFirst) || last < head.FirstSequence)
        {
            return;
        }

        var scan = new MessageScan(head.FirstSequence, last, null, MessageOrder.Descending, room, bytes);
        List<SizedMessage> older = await ReadScanAsync(connection, lineage, scan, cancellationToken).ConfigureAwait(false);
        foreach (SizedMessage message in older)
        {
            bytes -= message.Bytes;
            if (bytes < 0 && newest.Count > 0)
            {
                break;
            }

            newest.Add(message);
        }
    }

    private static async Task<Lineage> ReadLineageAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        ConversationKey key,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(SqlScripts.LoadLineage, connection, transaction);
        await using var _ = command.ConfigureAwait(false);
        command.Parameters.Text(key.Tenant).Text(key.Id);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        var segments = new List<LogSegment>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var segment = new LogSegment(reader.GetInt64(0), reader.GetInt64(2), reader.IsDBNull(1) ? long.MaxValue : reader.GetInt64(1));
            if (segment.First <= segment.Last)
            {
                segments.Add(segment);
            }
        }

        segments.Reverse();
        return new Lineage(key.Tenant, [.. segments]);
    }

    private static async Task<ImmutableArray<Entry>> ReadEntriesAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        ImmutableArray<Entry>.Builder entries = ImmutableArray.CreateBuilder<Entry>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            entries.Add(
                new Entry
                {
                    Space = reader.GetString(0),
                    Key = reader.GetString(1),
                    Value = reader.GetString(2),
                    ExpiresAt = reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3),
                }
            );
        }

        return entries.ToImmutable();
    }

    private static NpgsqlBatchCommand ByKey(string sql, ConversationKey key)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.Text(key.Tenant).Text(key.Id);
        return command;
    }
}
