using Npgsql;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Storage.Postgres.Conversations;

/// <summary>Finds the logs of a search.</summary>
/// <param name="Name">The conversation; <see langword="null"/> for all of a user.</param>
/// <param name="UserId">The user; <see langword="null"/> for one conversation.</param>
/// <param name="At">The instant of the search.</param>
internal sealed record SearchedLogs(string Tenant, string? Name, string? UserId, DateTimeOffset At)
{
    /// <summary>Reads the logs, and how far they are indexed.</summary>
    /// <param name="connection">Where to read. The rest of its transaction is behind the wall as well.</param>
    /// <param name="wall">What it reads behind.</param>
    /// <returns>The logs; none when there is no live conversation.</returns>
    public async Task<List<FoundLog>> ReadAsync(NpgsqlConnection connection, TenantWall wall, CancellationToken cancellationToken)
    {
        NpgsqlBatch sql = wall.Enter(connection, Tenant);
        await using var _ = sql.ConfigureAwait(false);
        var command = new NpgsqlBatchCommand(SqlScripts.FindSearchedLogs);
        command.Parameters.Text(Tenant).Text(Name).Text(UserId).Instant(At);
        sql.BatchCommands.Add(command);
        NpgsqlDataReader reader = await wall.ReadAsync(sql, cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        var logs = new List<FoundLog>();
        var segments = new List<LogSegment>();
        var unindexed = new List<UnindexedRows>();
        SearchedLog? open = null;
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            long storeId = reader.GetInt64(1);
            if (open is null || open.StoreId != storeId)
            {
                Close();
                open = new SearchedLog(
                    ConversationKey.Create(Tenant, reader.GetString(0)),
                    storeId,
                    reader.GetFieldValue<DateTimeOffset>(2),
                    []
                );
            }

            var segment = new LogSegment(reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5));
            if (segment.First <= segment.Last)
            {
                segments.Add(segment);
                bool isIndexed = !reader.IsDBNull(6) && reader.GetInt16(7) == Lexemes.Analysis && reader.GetInt64(6) >= segment.Last;
                unindexed.AddRange(isIndexed ? [] : [new UnindexedRows(segment.StoreId, segment.Last)]);
            }
        }

        Close();
        return logs;

        void Close()
        {
            if (open is not null)
            {
                logs.Add(new FoundLog(open with { Segments = [.. segments] }, [.. unindexed]));
                segments.Clear();
                unindexed.Clear();
            }
        }
    }
}

/// <summary>A log to search.</summary>
/// <param name="Unindexed">Which of its rows are not indexed.</param>
internal sealed record FoundLog(SearchedLog Log, IReadOnlyList<UnindexedRows> Unindexed);

/// <summary>Rows to index before a search.</summary>
/// <param name="StoreId">The life that holds them.</param>
/// <param name="Through">The last sequence that is wanted.</param>
internal readonly record struct UnindexedRows(long StoreId, long Through);
