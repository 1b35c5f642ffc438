using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Users;

namespace OrleansMemory.Grains.Conversations;

internal sealed partial class ConversationGrain
{
    /// <inheritdoc />
    public async Task<MessageSearchPage> SearchAsync(MessageSearchQuery query, CancellationToken cancellationToken = default)
    {
        var searching = MessageSearching.Check(query, $"conversation {_key}", _options.MaxPageBytes, _timeProvider.Now());
        await RequireOwnAsync(cancellationToken);
        SearchResult? result = await _store.SearchConversationAsync(_key, searching.Search, cancellationToken);

        // The store is asked by the id: another conversation may have begun under it meanwhile.
        await RequireOwnAsync(cancellationToken);
        if (result is null)
        {
            if (_loading.Current is null)
            {
                DeactivateOnIdle();
            }

            throw new ConversationNotFoundException(_key);
        }

        return searching.ToPage(result);
    }

    private Task RequireOwnAsync(CancellationToken cancellationToken) => BoundUser.Current is null ? Task.CompletedTask : GetLiveAsync(cancellationToken);
}
