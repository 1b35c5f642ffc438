using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Memories;

public sealed class InMemoryMemoryTests : MemoryBehaviour
{
    protected override Task<GrainHost> StartHostAsync() => GrainHost.InMemoryAsync(Clock);
}

public sealed class PostgresMemoryTests(PostgresDatabase database) : MemoryBehaviour, IClassFixture<PostgresDatabase>
{
    protected override Task<GrainHost> StartHostAsync() => GrainHost.OnPostgresAsync(database.ConnectionString, Clock);
}
