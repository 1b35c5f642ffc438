using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.Users;

public sealed class InMemoryUserErasureTests(SharedHosts hosts) : UserErasureBehaviour
{
    protected override Task<GrainHost> HostAsync() => hosts.InMemoryAsync();
}

public sealed class PostgresUserErasureTests(SharedHosts hosts) : UserErasureBehaviour
{
    protected override Task<GrainHost> HostAsync() => hosts.OnPostgresAsync();
}
