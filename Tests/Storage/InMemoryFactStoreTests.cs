using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Tests.Contracts;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>The in-memory store keeps the contract of long-term memories.</summary>
public sealed class InMemoryFactStoreTests(InMemoryFactStoreFixture fixture)
    : FactStoreContract(fixture),
        IClassFixture<InMemoryFactStoreFixture>;

/// <summary>One in-memory store for the class.</summary>
public sealed class InMemoryFactStoreFixture : FactStoreFixture
{
    private readonly InMemoryFactStore _store;
    private readonly InMemoryConversationStore _conversations;

    public InMemoryFactStoreFixture()
    {
        _store = new InMemoryFactStore();
        _conversations = new InMemoryConversationStore(NullLogger<InMemoryConversationStore>.Instance, _store);
    }

    internal override IFactStore Store => _store;

    internal override IConversationStore Conversations => _conversations;

    // Nothing is ever half done here: it begins when it is to become durable.
    internal override Task<Func<Task>> BeginAsync(FactRecording recording) =>
        Task.FromResult<Func<Task>>(() => _store.RecordAsync(recording, CancellationToken.None));
}
