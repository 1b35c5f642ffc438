using OrleansMemory.Errors;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Hosting;

/// <summary>Asks the registered store, and compares its clock with that of conversations.</summary>
internal sealed class StoreProbe(IConversationStore store, ClockCheck clock) : IStoreProbe
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public async Task PingAsync(CancellationToken cancellationToken = default)
    {
        await store.PingAsync(cancellationToken).ConfigureAwait(false);
        if (!await clock.IsRightAsync(cancellationToken).ConfigureAwait(false))
        {
            throw MemoryUnavailableException.WrongClock(RetryAfter);
        }
    }
}
