using OrleansMemory.Grains.Storage;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

/// <summary>What a provider supplies to be put to the contract of long-term memories.</summary>
public abstract class FactStoreFixture : IAsyncLifetime
{
    /// <summary>The open store.</summary>
    internal abstract IFactStore Store { get; }

    /// <summary>The conversations that memories go with.</summary>
    internal abstract IConversationStore Conversations { get; }

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Begins a recording that becomes durable when the result is called: others that began later may be faster.</summary>
    internal abstract Task<Func<Task>> BeginAsync(FactRecording recording);
}
