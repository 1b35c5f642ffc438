using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Users;

public sealed class InMemoryUserErasureTests : UserErasureBehaviour
{
    protected override Task<GrainHost> StartHostAsync() => GrainHost.InMemoryAsync();
}

public sealed class PostgresUserErasureTests(PostgresDatabase database) : UserErasureBehaviour, IClassFixture<PostgresDatabase>
{
    protected override Task<GrainHost> StartHostAsync() => GrainHost.OnPostgresAsync(database.ConnectionString);
}
