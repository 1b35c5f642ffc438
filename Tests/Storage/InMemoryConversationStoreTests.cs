using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Tests.Contracts;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>The in-memory store keeps the contract.</summary>
public sealed class InMemoryConversationStoreTests(InMemoryStoreFixture fixture)
    : ConversationStoreContract(fixture), IClassFixture<InMemoryStoreFixture>;

/// <summary>One in-memory store for the class.</summary>
public sealed class InMemoryStoreFixture : StoreFixture
{
    internal override IConversationStore Store { get; } = new InMemoryConversationStore(NullLogger<InMemoryConversationStore>.Instance);
}
