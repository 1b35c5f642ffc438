using OrleansMemory.Grains.Storage;
using OrleansMemory.Usage;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

/// <summary>What a provider supplies to be put to the contract.</summary>
public abstract class StoreFixture : IAsyncLifetime
{
    /// <summary>The open store.</summary>
    internal abstract IConversationStore Store { get; }

    /// <summary>Memories beside the conversations.</summary>
    internal abstract IFactStore Facts { get; }

    /// <summary>What both use.</summary>
    internal abstract IUsageStore Usage { get; }

    /// <summary>The audit trail beside them.</summary>
    internal abstract IAuditStore Audit { get; }

    /// <summary>Counts what a tenant uses from what is stored, whatever was noted.</summary>
    internal virtual Task<TenantUsage> CountAsync(string tenant) => Usage.ReadAsync(tenant, CancellationToken.None);

    /// <summary>Spoils what is noted of a tenant and of its conversations, if the provider notes anything.</summary>
    internal virtual Task SpoilUsageAsync(string tenant) => Task.CompletedTask;

    /// <summary>
    /// Keeps commits from becoming durable until the result is disposed. A provider that commits while it is called has nothing to hold up.
    /// </summary>
    internal virtual Task<IAsyncDisposable> StallCommitsAsync() => Task.FromResult<IAsyncDisposable>(new Nothing());

    /// <summary>Opens a store on the same data whose queue is bounded; <see langword="null"/> when the provider has no queue.</summary>
    /// <param name="maxQueuedTurns">The most turns that may wait.</param>
    internal virtual Task<OpenedStore?> OpenBoundedAsync(int maxQueuedTurns) => Task.FromResult<OpenedStore?>(null);

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Nothing : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>A store that is closed after use.</summary>
internal sealed record OpenedStore(IConversationStore Store) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Store is IAsyncDisposable closable ? closable.DisposeAsync() : ValueTask.CompletedTask;
}
