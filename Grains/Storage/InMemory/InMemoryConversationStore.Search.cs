using OrleansMemory.Conversations;
using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Storage.InMemory;

internal sealed partial class InMemoryConversationStore
{
    /// <inheritdoc />
    public Task<SearchResult?> SearchConversationAsync(ConversationKey key, MessageSearch search, CancellationToken cancellationToken) =>
        Locked(
            () =>
                _live.TryGetValue(key, out StoredLife? life) && !(life.ExpiresAt <= search.At)
                    ? Search([life], search, static position => (default, default, position.Sequence))
                    : null,
            cancellationToken
        );

    /// <inheritdoc />
    public Task<SearchResult> SearchUserAsync(string tenant, string userId, MessageSearch search, CancellationToken cancellationToken) =>
        Locked(
            () =>
            {
                IEnumerable<StoredLife> lives = _live.Values.Where(life =>
                    string.Equals(life.Key.Tenant, tenant, StringComparison.Ordinal)
                    && string.Equals(life.Settings.UserId, userId, StringComparison.Ordinal)
                    && !(life.ExpiresAt <= search.At)
                );
                return Search(lives, search, static position => (position.Created, position.StoreId, position.Sequence));
            },
            cancellationToken
        );

    private SearchResult Search(
        IEnumerable<StoredLife> lives,
        MessageSearch search,
        Func<SearchPosition, (DateTimeOffset, long, long)> order
    )
    {
        IEnumerable<(FoundMessage Found, int Bytes)> matches = SearchScope
            .Divide(lives.Select(ToLog))
            .SelectMany(range =>
                _lives.TryGetValue(range.Rows.StoreId, out StoredLife? held)
                    ? held.Range(range.Rows.First, range.Rows.Last, MessageOrder.Descending)
                        .Select(row => (Found: new FoundMessage(range.Key, held.StoreId, row.Message), row.Bytes))
                    : []
            )
            .Where(match => search.Behind is not { } behind || order(match.Found.Position).CompareTo(order(behind)) < 0)
            .Where(match => search.Expression.Matches(TermVector.Of(ContentsText.Read(match.Found.Message.Contents))))
            .OrderByDescending(match => order(match.Found.Position));
        var found = new List<FoundMessage>();
        long bytes = 0;
        foreach ((FoundMessage match, int size) in matches)
        {
            bytes += size;
            if (found.Count == search.Limit || (found.Count > 0 && bytes > search.MaxBytes))
            {
                return new SearchResult(found, More: true);
            }

            found.Add(match);
        }

        return new SearchResult(found, More: false);
    }

    private static SearchedLog ToLog(StoredLife life) =>
        new(
            life.Key,
            life.StoreId,
            life.CreatedAt,
            [.. life.ToLineage().Within(life.FirstSequence, life.LastSequence, MessageOrder.Ascending)]
        );
}
