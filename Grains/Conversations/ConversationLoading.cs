using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Conversations;

/// <summary>Loads a conversation once for all calls that need it, and forgets it when memory can no longer be trusted.</summary>
/// <param name="store">Where it is durable.</param>
/// <param name="options">How much of the log to hold.</param>
/// <param name="feed">Is told when something else is loaded, or nothing.</param>
internal sealed class ConversationLoading(IConversationStore store, ConversationOptions options, FeedSignal feed)
{
    private readonly TailBounds _bounds = new(options.TailMessages, options.TailBytes);
    private readonly TailBounds _firstRead = new(Math.Min(options.ActivationMessages, options.TailMessages), options.TailBytes);
    private Task<LoadedConversation>? _loading;
    private long _forgotten;

    /// <summary>What is loaded; <see langword="null"/> when nothing is.</summary>
    public LoadedConversation? Current
    {
        get;
        private set
        {
            field = value;
            feed.Pulse();
        }
    }

    /// <summary>Gets what is loaded, or loads it.</summary>
    /// <param name="cancellationToken">Ends the wait; others may still wait for the same load.</param>
    /// <returns>A conversation whose chain is whole.</returns>
    public async Task<LoadedConversation> GetAsync(ConversationKey key, CancellationToken cancellationToken)
    {
        if (Current is { Chain.Broken: false } current)
        {
            return current;
        }

        Task<LoadedConversation> loading = _loading ?? LoadAsync(key);
        if (!loading.IsCompleted)
        {
            _loading = loading;
        }

        return await loading.WaitAsync(cancellationToken);
    }

    /// <summary>Loads anew, unless somebody has done so since.</summary>
    /// <param name="known">What was known; nothing of it may be on its way.</param>
    /// <returns>What is loaded now.</returns>
    public Task<LoadedConversation> ReloadAsync(ConversationKey key, LoadedConversation known, CancellationToken cancellationToken)
    {
        Forget(known);
        return GetAsync(key, cancellationToken);
    }

    /// <summary>Forgets what is loaded, and what is being loaded.</summary>
    public void Forget()
    {
        _forgotten++;
        Current = null;
    }

    /// <summary>Forgets a loaded conversation, unless another one has taken its place.</summary>
    /// <param name="loaded">What is outdated.</param>
    public void Forget(LoadedConversation loaded)
    {
        if (ReferenceEquals(Current, loaded))
        {
            Current = null;
        }
    }

    /// <summary>Asks the store what it has now. Nothing is loaded by that.</summary>
    /// <returns>What is stored, with no more than the newest message.</returns>
    public Task<StoredConversation> AskAsync(ConversationKey key) => store.LoadAsync(key, new TailBounds(1, 1), CancellationToken.None);

    /// <summary>Forgets what is loaded when the store has had something else since. No turn may be being decided.</summary>
    /// <param name="stored">What the store had a moment ago.</param>
    public void ForgetUnless(StoredConversation stored)
    {
        if (
            Current is { LastPending: null, Durable: var known }
            && (stored.Head?.Version > known.Version || (stored.StoreId != known.StoreId && (stored.Head ?? known.Head) is not null))
        )
        {
            Current = null;
        }
    }

    /// <summary>Makes room for a new life in place of an expired one.</summary>
    /// <param name="expired">The expired life, with nothing on its way.</param>
    /// <param name="now">The instant at which it has expired.</param>
    /// <returns>A task that ends when the next turn can start the new life.</returns>
    public async Task StartNewLifeAsync(LoadedConversation expired, DateTimeOffset now, CancellationToken cancellationToken)
    {
        long storeId = await store.ReserveStoreIdAsync(cancellationToken);
        if (ReferenceEquals(Current, expired) && expired.LastPending is null && expired.Tip.IsExpired(now))
        {
            Current = new LoadedConversation(
                expired.Tip.NewLife(storeId),
                [],
                Lineage.Own(expired.Lineage.Tenant, storeId),
                _bounds,
                options.RecentTurns
            );
        }
    }

    private async Task<LoadedConversation> LoadAsync(ConversationKey key)
    {
        try
        {
            while (true)
            {
                long forgotten = _forgotten;
                StoredConversation stored = await store.LoadAsync(key, _firstRead, CancellationToken.None);
                if (forgotten == _forgotten)
                {
                    Current = new LoadedConversation(
                        ConversationState.From(key, stored),
                        stored.Tail,
                        stored.Lineage,
                        _bounds,
                        options.RecentTurns
                    );
                    return Current;
                }
            }
        }
        finally
        {
            _loading = null;
        }
    }
}
