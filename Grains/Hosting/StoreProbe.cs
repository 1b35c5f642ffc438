using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Hosting;

/// <summary>Asks the registered store.</summary>
/// <param name="store">The store.</param>
internal sealed class StoreProbe(IConversationStore store) : IStoreProbe
{
    public Task PingAsync(CancellationToken cancellationToken = default) => store.PingAsync(cancellationToken);
}
