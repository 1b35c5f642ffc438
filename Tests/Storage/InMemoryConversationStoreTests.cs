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

    public sealed class Conditions(InMemoryStoreFixture fixture)
        : ConversationConditionContract(fixture),
            IClassFixture<InMemoryStoreFixture>;

    public sealed class Searches(InMemoryStoreFixture fixture) : ConversationSearchContract(fixture), IClassFixture<InMemoryStoreFixture>;

    public sealed class Usages(InMemoryStoreFixture fixture) : UsageContract(fixture), IClassFixture<InMemoryStoreFixture>;

    public sealed class Audits(InMemoryStoreFixture fixture) : AuditContract(fixture), IClassFixture<InMemoryStoreFixture>;

    public sealed class Models(InMemoryStoreFixture fixture) : ConversationModelContract(fixture), IClassFixture<InMemoryStoreFixture>;
}

/// <summary>One in-memory store for the class.</summary>
public sealed class InMemoryStoreFixture : StoreFixture
{
    private readonly InMemoryFactStore _facts = new();
    private readonly InMemoryConversationStore _store;

    public InMemoryStoreFixture()
    {
        _store = new InMemoryConversationStore(NullLogger<InMemoryConversationStore>.Instance, _facts);
        Usage = new InMemoryUsageStore(_store, _facts);
    }

    internal override IConversationStore Store => _store;

    internal override IFactStore Facts => _facts;

    internal override IUsageStore Usage { get; }

    internal override IAuditStore Audit { get; } = new InMemoryAuditStore();
}
