using OrleansMemory.Tests.Contracts;
using Xunit;

namespace OrleansMemory.Tests.Storage.Roles;

/// <summary>
/// The stores keep their contracts as a role that may change no table, with row security on: nothing needs more than
/// <c>deploy/postgres-roles.sql</c> grants.
/// </summary>
public static class RestrictedStoreTests
{
    public sealed class Turns(RestrictedStoreFixture fixture) : ConversationTurnContract(fixture), IClassFixture<RestrictedStoreFixture>;

    public sealed class Lives(RestrictedStoreFixture fixture) : ConversationLifeContract(fixture), IClassFixture<RestrictedStoreFixture>;

    public sealed class Forks(RestrictedStoreFixture fixture) : ConversationForkContract(fixture), IClassFixture<RestrictedStoreFixture>;

    public sealed class Reads(RestrictedStoreFixture fixture) : ConversationReadContract(fixture), IClassFixture<RestrictedStoreFixture>;

    public sealed class Conditions(RestrictedStoreFixture fixture)
        : ConversationConditionContract(fixture),
            IClassFixture<RestrictedStoreFixture>;

    public sealed class Searches(RestrictedStoreFixture fixture)
        : ConversationSearchContract(fixture),
            IClassFixture<RestrictedStoreFixture>;

    public sealed class Models(RestrictedStoreFixture fixture) : ConversationModelContract(fixture), IClassFixture<RestrictedStoreFixture>;

    public sealed class Usages(RestrictedStoreFixture fixture) : UsageContract(fixture), IClassFixture<RestrictedStoreFixture>;

    public sealed class Audits(RestrictedStoreFixture fixture) : AuditContract(fixture), IClassFixture<RestrictedStoreFixture>;

    public sealed class Facts(RestrictedFactStoreFixture fixture) : FactStoreContract(fixture), IClassFixture<RestrictedFactStoreFixture>;
}
