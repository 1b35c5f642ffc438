using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Tests.Contracts;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>The in-memory store keeps the contract.</summary>
public static class InMemoryConversationStoreTests
{
    public sealed class Turns(InMemoryStoreFixture fixture) : ConversationTurnContract(fixture), IClassFixture<InMemoryStoreFixture>;

    public sealed class Lives(InMemoryStoreFixture fixture) : ConversationLifeContract(fixture), IClassFixture<InMemoryStoreFixture>;

    public sealed class Forks(InMemoryStoreFixture fixture) : ConversationForkContract(fixture), IClassFixture<InMemoryStoreFixture>;

    public sealed class Reads(InMemoryStoreFixture fixture) : ConversationReadContract(fixture), IClassFixture<InMemoryStoreFixture>;

    public sealed class Conditions(InMemoryStoreFixture fixture) : ConversationConditionContract(fixture), IClassFixture<InMemoryStoreFixture>;

    public sealed class Searches(InMemoryStoreFixture fixture) : ConversationSearchContract(fixture), IClassFixture<InMemoryStoreFixture>;

    public sealed class Models(InMemoryStoreFixture fixture) : ConversationModelContract(fixture), IClassFixture<InMemoryStoreFixture>;
}

/// <summary>One in-memory store for the class.</summary>
public sealed class InMemoryStoreFixture : StoreFixture
{
    internal override IConversationStore Store { get; } = new InMemoryConversationStore(NullLogger<InMemoryConversationStore>.Instance);
}
