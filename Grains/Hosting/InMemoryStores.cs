using Microsoft.Extensions.Logging;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.InMemory;

namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// Conversations and memories in the memory of this process, which several silos of this process share: give the same instance to
/// <c>UseInMemoryStorage</c> of each. It is for tests of clusters; everything is lost when the process ends.
/// </summary>
/// <remarks>Nothing is written anywhere; a dump of the process holds everything.</remarks>
public sealed class InMemoryStores
{
    private readonly Lock _lock = new();
    private readonly InMemoryFactStore _facts = new();
    private InMemoryConversationStore? _conversations;
    private InMemoryUsageStore? _usage;

    /// <summary>Makes empty stores for several silos.</summary>
    public InMemoryStores()
        : this(isShared: true) { }

    private InMemoryStores(bool isShared) => IsShared = isShared;

    /// <summary>Whether more than one silo may use them.</summary>
    internal bool IsShared { get; }

    internal IFactStore Facts => _facts;

    /// <summary>The audit trail.</summary>
    internal IAuditStore Audit { get; } = new InMemoryAuditStore();

    /// <summary>Makes empty stores for one silo.</summary>
    internal static InMemoryStores ForOneSilo() => new(isShared: false);

    /// <summary>The store of conversations.</summary>
    /// <param name="logger">Is warned that the store forgets, if this call makes it.</param>
    internal IConversationStore Conversations(ILogger<InMemoryConversationStore> logger)
    {
        lock (_lock)
        {
            return _conversations ??= new InMemoryConversationStore(logger, _facts);
        }
    }

    /// <summary>What the stores hold.</summary>
    /// <param name="logger">For the conversations, if they are not there yet.</param>
    internal IUsageStore Usage(ILogger<InMemoryConversationStore> logger)
    {
        var conversations = (InMemoryConversationStore)Conversations(logger);
        lock (_lock)
        {
            return _usage ??= new InMemoryUsageStore(conversations, _facts);
        }
    }
}
