using OrleansMemory.Tests.Contracts;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>The PostgreSQL store keeps the contract.</summary>
public static class PostgresConversationStoreTests
{
    public sealed class Turns(PostgresStoreFixture fixture) : ConversationTurnContract(fixture), IClassFixture<PostgresStoreFixture>;

    public sealed class Lives(PostgresStoreFixture fixture) : ConversationLifeContract(fixture), IClassFixture<PostgresStoreFixture>;

    public sealed class Forks(PostgresStoreFixture fixture) : ConversationForkContract(fixture), IClassFixture<PostgresStoreFixture>;

    public sealed class Reads(PostgresStoreFixture fixture) : ConversationReadContract(fixture), IClassFixture<PostgresStoreFixture>;

    public sealed class Conditions(PostgresStoreFixture fixture)
        : ConversationConditionContract(fixture),
            IClassFixture<PostgresStoreFixture>;

    public sealed class Searches(PostgresStoreFixture fixture) : ConversationSearchContract(fixture), IClassFixture<PostgresStoreFixture>;

    public sealed class Usages(PostgresStoreFixture fixture) : UsageContract(fixture), IClassFixture<PostgresStoreFixture>;

    public sealed class Audits(PostgresStoreFixture fixture) : AuditContract(fixture), IClassFixture<PostgresStoreFixture>;

    public sealed class Models(PostgresStoreFixture fixture) : ConversationModelContract(fixture), IClassFixture<PostgresStoreFixture>;
}
