using System.Data;
using Npgsql;
using NpgsqlTypes;
using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Storage.Postgres.Conversations;

internal sealed partial class PostgresConversationStore
{
    /// <inheritdoc />
    public Task<SearchResult?> SearchConversationAsync(ConversationKey key, MessageSearch search, CancellationToken cancellationToken) =>
        SearchAsync(new SearchedLogs(key.Tenant, key.Id, UserId: null, search.At), search, SearchConversationAsync, cancellationToken);

    /// <inheritdoc />
    public async Task<SearchResult> SearchUserAsync(
        string tenant,
        string userId,
        MessageSearch search,
        CancellationToken cancellationToken
    ) =>
        await SearchAsync(new SearchedLogs(tenant, Name: null, userId, search.At), search, SearchUserAsync, cancellationToken)
            .ConfigureAwait(false)
        ?? new SearchResult([], More: false);

    /// <summary>
    /// Brings the index up to date with what is durable now, then asks it. What is appended in between may be found or not.
    /// </summary>
    private async Task<SearchResult?> SearchAsync(
        SearchedLogs logs,
        MessageSearch search,
        FindAsync find,
        CancellationToken cancellationToken
    )
    {
        SearchState state = await RunAsync(
                (connection, token) => AskIfIndexedAsync(connection, logs, search, find, token),
                ReadAttempts,
                cancellationToken
            )
            .ConfigureAwait(false);
        if (state.Unindexed.Count == 0)
        {
            return state.Result;
        }

        foreach (UnindexedRows rows in state.Unindexed)
        {
            await IndexAsync(rows, cancellationToken).ConfigureAwait(false);
        }

        return await RunAsync(
                async (connection, token) =>
                {
                    NpgsqlTransaction snapshot = await connection
                        .BeginTransactionAsync(IsolationLevel.RepeatableRead, token)
                        .ConfigureAwait(false);
                    await using var _ = snapshot.ConfigureAwait(false);
                    return await AskAsync(
                            connection,
                            await logs.ReadAsync(connection, _wall, token).ConfigureAwait(false),
                            search,
                            find,
                            token
                        )
                        .ConfigureAwait(false);
                },
                ReadAttempts,
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    private async Task<SearchState> AskIfIndexedAsync(
        NpgsqlConnection connection,
        SearchedLogs logs,
        MessageSearch search,
        FindAsync find,
        CancellationToken cancellationToken
    )
    {
        NpgsqlTransaction snapshot = await connection
            .BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken)
            .ConfigureAwait(false);
        await using var _ = snapshot.ConfigureAwait(false);
        List<FoundLog> found = await logs.ReadAsync(connection, _wall, cancellationToken).ConfigureAwait(false);
        List<UnindexedRows> unindexed =
        [
            .. found
                .SelectMany(log => log.Unindexed)
                .GroupBy(rows => rows.StoreId)
                .Select(rows => new UnindexedRows(rows.Key, rows.Max(part => part.Through))),
        ];
        return unindexed.Count > 0
            ? new SearchState(unindexed, null)
            : new SearchState([], await AskAsync(connection, found, search, find, cancellationToken).ConfigureAwait(false));
    }

    private static async Task<SearchResult?> AskAsync(
        NpgsqlConnection connection,
        List<FoundLog> logs,
        MessageSearch search,
        FindAsync find,
        CancellationToken cancellationToken
    )
    {
        if (logs.Count == 0)
        {
            return null;
        }

        List<SearchRange> ranges = SearchScope.Divide(logs.Select(log => log.Log));
        List<RowId> rows = await find(connection, ranges, search, cancellationToken).ConfigureAwait(false);
        bool more = rows.Count > search.Limit;
        List<RowId> page = more ? rows[..search.Limit] : rows;
        List<FoundMessage> messages = await ReadFoundAsync(connection, ranges, page, search.MaxBytes, cancellationToken)
            .ConfigureAwait(false);
        return new SearchResult(messages, more || messages.Count < page.Count);
    }

    private static async Task<List<RowId>> SearchConversationAsync(
        NpgsqlConnection connection,
        List<SearchRange> ranges,
        MessageSearch search,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(SqlScripts.SearchConversation, connection);
        await using var _ = command.ConfigureAwait(false);
        AddRanges(command, ranges, search).Bigint(search.Behind?.Sequence).Bigint(search.Limit + 1L);
        return await ReadRowIdsAsync(command, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<List<RowId>> SearchUserAsync(
        NpgsqlConnection connection,
        List<SearchRange> ranges,
        MessageSearch search,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(SqlScripts.SearchUser, connection);
        await using var _ = command.ConfigureAwait(false);
        AddRanges(command, ranges, search)
            .Instant(search.Behind?.Created)
            .Bigint(search.Behind?.StoreId)
            .Bigint(search.Behind?.Sequence)
            .Bigint(search.Limit + 1L);
        return await ReadRowIdsAsync(command, cancellationToken).ConfigureAwait(false);
    }

    private static NpgsqlParameterCollection AddRanges(NpgsqlCommand command, List<SearchRange> ranges, MessageSearch search)
    {
        new ColumnArrays<SearchRange>(command.Parameters, ranges)
            .Text(range => TextSearchLiterals.Holder(range.Rows.StoreId))
            .Bigint(range => range.Rows.First)
            .Bigint(range => range.Rows.Last);
        return command.Parameters.Text(TextSearchLiterals.Query(search.Expression));
    }

    private static async Task<List<RowId>> ReadRowIdsAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = reader.ConfigureAwait(false);
        var rows = new List<RowId>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            rows.Add(new RowId(reader.GetInt64(0), reader.GetInt64(1)));
        }

        return rows;
    }

    private static async Task<List<FoundMessage>> ReadFoundAsync(
        NpgsqlConnection connection,
        List<SearchRange> ranges,
        List<RowId> rows,
        long maxBytes,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(SqlScripts.ReadFound, connection);
        await using var _ = command.ConfigureAwait(false);
        command
            .Parameters.Array<long>([.. rows.Select(row => row.StoreId)], NpgsqlDbType.Bigint)
            .Array<long>([.. rows.Select(row => row.Sequence)], NpgsqlDbType.Bigint)
            .Bigint(maxBytes);
        ILookup<long, SearchRange> holders = ranges.ToLookup(range => range.Rows.StoreId);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        var messages = new List<FoundMessage>(rows.Count);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            Message message = ReadMessage(reader);
            long storeId = reader.GetInt64(7);
            SearchRange range = holders[storeId]
                .First(range => message.Sequence >= range.Rows.First && message.Sequence <= range.Rows.Last);
            messages.Add(new FoundMessage(range.Key, storeId, message));
        }

        return messages;
    }

    /// <summary>Finds the rows that fit, newest first, one more than the limit where there are more.</summary>
    private delegate Task<List<RowId>> FindAsync(
        NpgsqlConnection connection,
        List<SearchRange> ranges,
        MessageSearch search,
        CancellationToken cancellationToken
    );

    /// <summary>A row of <c>message</c>.</summary>
    private readonly record struct RowId(long StoreId, long Sequence);

    /// <summary>What is left to be indexed; when nothing is, what was found.</summary>
    private readonly record struct SearchState(List<UnindexedRows> Unindexed, SearchResult? Result);
}
