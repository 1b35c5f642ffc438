using Microsoft.Extensions.Logging;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Diagnostics;

namespace OrleansMemory.Grains.Storage.InMemory;

/// <summary>
/// Conversations in the memory of this process, for tests and for a machine without PostgreSQL. It keeps the whole contract save that
/// "durable" ends with the process. One lock guards all of it; every call is done before it returns.
/// </summary>
/// <remarks>Nothing is written anywhere; a dump of the process holds everything.</remarks>
internal sealed partial class InMemoryConversationStore : IConversationStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, StoredLife> _lives = [];
    private readonly Dictionary<ConversationKey, StoredLife> _live = [];
    private readonly Dictionary<ConversationKey, Dictionary<string, DateTimeOffset>> _gone = [];
    private readonly InMemoryFactStore? _facts;
    private readonly ILogger _logger;
    private long _lastStoreId;
    private long _turns;

    /// <summary>Makes an empty store, and says loudly that it forgets.</summary>
    /// <param name="logger">Is warned.</param>
    /// <param name="facts">The long-term memories that go with their conversations; <see langword="null"/> when there are none.</param>
    public InMemoryConversationStore(ILogger<InMemoryConversationStore> logger, InMemoryFactStore? facts = null)
    {
        _facts = facts;
        _logger = logger;
        LogForgets();
    }

    /// <inheritdoc />
    public Task<StoredConversation> LoadAsync(ConversationKey key, TailBounds tail, CancellationToken cancellationToken) =>
        Locked(
            () =>
            {
                if (!_live.TryGetValue(key, out StoredLife? life))
                {
                    long reserved = ++_lastStoreId;
                    return new StoredConversation(reserved, null, [], [], Lineage.Own(key.Tenant, reserved), _gone.ContainsKey(key));
                }

                Lineage lineage = life.ToLineage();
                var scan = new MessageScan(life.FirstSequence, life.LastSequence, null, MessageOrder.Descending, tail.Messages, tail.Bytes);
                List<Message> newest = Read(lineage, scan);
                newest.Reverse();
                return new StoredConversation(
                    life.StoreId,
                    life.ToHead(),
                    [.. life.Entries.Values],
                    [.. newest],
                    lineage,
                    _gone.ContainsKey(key)
                );
            },
            cancellationToken
        );

    /// <inheritdoc />
    public ValueTask<long> ReserveStoreIdAsync(CancellationToken cancellationToken) => new(Locked(() => ++_lastStoreId, cancellationToken));

    /// <inheritdoc />
    public Task<JournalledTurn?> FindTurnAsync(long storeId, string turnId, CancellationToken cancellationToken) =>
        Locked(() => FindTurn(storeId, turnId), cancellationToken);

    /// <inheritdoc />
    public Task PingAsync(CancellationToken cancellationToken) => Locked(() => true, cancellationToken);

    private JournalledTurn? FindTurn(long storeId, string turnId) =>
        _lives.TryGetValue(storeId, out StoredLife? life) && life.Turns.TryGetValue(turnId, out StoredTurn found) ? found.Turn : null;

    /// <summary>Sets the life under a key aside when it has expired, so that another one can take the key.</summary>
    private void ReplaceExpired(ConversationKey key, DateTimeOffset at)
    {
        if (_live.TryGetValue(key, out StoredLife? life) && life.ExpiresAt <= at)
        {
            Replace(life);
        }
    }

    private void Replace(StoredLife life)
    {
        life.State = LifeState.Replaced;
        _live.Remove(life.Key);
    }

    /// <summary>Does something alone. Like a store that is far away, it reports errors through the task.</summary>
    private Task<T> Locked<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        try
        {
            lock (_lock)
            {
                return Task.FromResult(work());
            }
        }
        catch (MemoryException exception)
        {
            return Task.FromException<T>(exception);
        }
    }

    [LoggerMessage(
        EventIds.InMemoryStoreForgets,
        LogLevel.Warning,
        "Conversations are kept in memory only: ALL OF THEM ARE LOST when this process ends. Configure PostgreSQL to keep them"
    )]
    private partial void LogForgets();
}
