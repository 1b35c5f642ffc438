using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Tenants;

public sealed class InMemoryTenantTests : TenantBehaviour
{
    protected override Task<GrainHost> StartHostAsync() => GrainHost.InMemoryAsync(Clock);
}

public sealed class PostgresTenantTests(PostgresDatabase database) : TenantBehaviour, IClassFixture<PostgresDatabase>
{
    protected override Task<GrainHost> StartHostAsync() => GrainHost.OnPostgresAsync(database.ConnectionString, Clock);
}
