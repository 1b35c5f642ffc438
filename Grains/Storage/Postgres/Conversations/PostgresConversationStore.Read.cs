using Npgsql;
using NpgsqlTypes;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage.Postgres.Commit;

namespace OrleansMemory.Grains.Storage.Postgres.Conversations;

internal sealed partial class PostgresConversationStore
{
    /// <inheritdoc />
    public Task<JournalledTurn?> FindTurnAsync(long storeId, string turnId, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, token) =>
                (await TurnLookup.FindAsync(connection, [(storeId, turnId)], token).ConfigureAwait(false)).GetValueOrDefault(
                    (storeId, turnId)
                ),
            ReadAttempts,
            cancellationToken
        );

    /// <inheritdoc />
    public Task<IReadOnlyList<Message>> ReadMessagesAsync(Lineage lineage, MessageScan scan, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<Message>>(
            async (connection, token) =>
                (await ReadScanAsync(connection, lineage, scan, token).ConfigureAwait(false)).ConvertAll(sized => sized.Message),
            ReadAttempts,
            cancellationToken
        );

    /// <inheritdoc />
    public Task<Dictionary<string, long>> FindMessageIdsAsync(
        Lineage lineage,
        long first,
        long last,
        string[] ids,
        CancellationToken cancellationToken
    ) =>
        RunAsync(
            async (connection, token) =>
            {
                LogSegment[] segments = [.. lineage.Within(first, last, MessageOrder.Ascending)];
                var command = new NpgsqlCommand(SqlScripts.FindMessageIds, connection);
                await using var _ = command.ConfigureAwait(false);
                command
                    .Parameters.Array<long>([.. segments.Select(segment => segment.StoreId)], NpgsqlDbType.Bigint)
                    .Array<long>([.. segments.Select(segment => segment.First)], NpgsqlDbType.Bigint)
                    .Array<long>([.. segments.Select(segment => segment.Last)], NpgsqlDbType.Bigint)
                    .Array(ids, NpgsqlDbType.Text);
                NpgsqlDataReader reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
                await using var __ = reader.ConfigureAwait(false);
                var found = new Dictionary<string, long>(StringComparer.Ordinal);
                while (await reader.ReadAsync(token).ConfigureAwait(false))
                {
                    string id = reader.GetString(0);
                    found[id] = Math.Max(found.GetValueOrDefault(id), reader.GetInt64(1));
                }

                return found;
            },
            ReadAttempts,
            cancellationToken
        );

    /// <inheritdoc />
    public Task<IReadOnlyList<ToolTrace>> ReadToolTracesAsync(Lineage lineage, long fromSequence, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<ToolTrace>>(
            async (connection, token) =>
            {
                var traces = new List<ToolTrace>();
                foreach (LogSegment segment in lineage.Within(fromSequence, long.MaxValue, MessageOrder.Ascending))
                {
                    NpgsqlBatch sql = _wall.Enter(connection, lineage.Tenant, segment.StoreId);
                    await using var _ = sql.ConfigureAwait(false);
                    var command = new NpgsqlBatchCommand(SqlScripts.ReadToolLinks);
                    command.Parameters.Bigint(segment.StoreId).Bigint(segment.First).Bigint(segment.Last);
                    sql.BatchCommands.Add(command);
                    NpgsqlDataReader reader = await _wall.ReadAsync(sql, token).ConfigureAwait(false);
                    await using var __ = reader.ConfigureAwait(false);
                    while (await reader.ReadAsync(token).ConfigureAwait(false))
                    {
                        traces.Add(new ToolTrace(reader.GetInt64(0), ToolLinksJson.Read(reader.GetString(1))));
                    }
                }

                return traces;
            },
            ReadAttempts,
            cancellationToken
        );

    /// <summary>Reads one segment after the other until the limits are reached.</summary>
    private async Task<List<SizedMessage>> ReadScanAsync(
        NpgsqlConnection connection,
        Lineage lineage,
        MessageScan scan,
        CancellationToken cancellationToken
    )
    {
        var messages = new List<SizedMessage>();
        long bytes = 0;
        foreach (LogSegment segment in lineage.Within(scan.First, scan.Last, scan.Order))
        {
            int room = scan.Limit - messages.Count;
            if (room <= 0 || (messages.Count > 0 && bytes >= scan.MaxBytes))
            {
                break;
            }

            NpgsqlBatch sql = _wall.Enter(connection, lineage.Tenant, segment.StoreId);
            await using var _ = sql.ConfigureAwait(false);
            sql.BatchCommands.Add(ScanCommand(scan, segment, room, scan.MaxBytes - bytes));
            NpgsqlDataReader reader = await _wall.ReadAsync(sql, cancellationToken).ConfigureAwait(false);
            await using var __ = reader.ConfigureAwait(false);
            List<SizedMessage> part = await ReadSizedMessagesAsync(reader, cancellationToken).ConfigureAwait(false);
            foreach (SizedMessage message in part)
            {
                bytes += message.Bytes;
                if (messages.Count > 0 && bytes > scan.MaxBytes)
                {
                    return messages;
                }

                messages.Add(message);
            }

            if (part.Count > 0 && part.Count < part[0].Candidates)
            {
                // The bytes ran out within this segment: going on to the next one would leave a gap.
                break;
            }
        }

        return messages;
    }

    /// <summary>System messages have a statement, and an index, of their own.</summary>
    private static NpgsqlBatchCommand ScanCommand(MessageScan scan, LogSegment segment, int room, long bytes)
    {
        bool ascending = scan.Order == MessageOrder.Ascending;
        bool system = string.Equals(scan.Role, MessageRoles.System, StringComparison.Ordinal);
        var command = new NpgsqlBatchCommand(
            (system, ascending) switch
            {
                (true, true) => SqlScripts.ReadSystemMessagesAscending,
                (true, false) => SqlScripts.ReadSystemMessagesDescending,
                (false, true) => SqlScripts.ReadMessagesAscending,
                (false, false) => SqlScripts.ReadMessagesDescending,
            }
        );
        command.Parameters.Bigint(segment.StoreId).Bigint(segment.First).Bigint(segment.Last);
        if (!system)
        {
            command.Parameters.Text(scan.Role);
        }

        command.Parameters.Bigint(room).Bigint(bytes);
        return command;
    }

    private static async Task<List<SizedMessage>> ReadSizedMessagesAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var messages = new List<SizedMessage>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            Message message = ReadMessage(reader);
            messages.Add(new SizedMessage(message, reader.GetInt32(7), reader.FieldCount > 8 ? reader.GetInt64(8) : 0));
        }

        return messages;
    }

    /// <summary>A message in the columns sequence, message id, role, author, contents, metadata, instant.</summary>
    private static Message ReadMessage(NpgsqlDataReader reader) =>
        new()
        {
            Sequence = reader.GetInt64(0),
            Id = reader.GetString(1),
            Role = reader.GetString(2),
            Author = reader.IsDBNull(3) ? null : reader.GetString(3),
            Contents = reader.GetString(4),
            Metadata = reader.IsDBNull(5) ? null : reader.GetString(5),
            Created = reader.GetFieldValue<DateTimeOffset>(6),
        };

    /// <summary>A message with the bytes of its content.</summary>
    /// <param name="Bytes">The bytes of contents and metadata, in UTF-8.</param>
    /// <param name="Candidates">How many messages its segment would have given if bytes were not bounded.</param>
    private readonly record struct SizedMessage(Message Message, int Bytes, long Candidates);
}
