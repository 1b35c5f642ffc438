using OrleansMemory.Grains.Hosting;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.LocalEmbeddings;

public sealed class InMemoryLocalRecallTests : LocalRecallBehaviour
{
    protected override void UseStore(ISiloBuilder silo) => silo.UseInMemoryStorage();
}

public sealed class PostgresLocalRecallTests(PostgresDatabase database) : LocalRecallBehaviour, IClassFixture<PostgresDatabase>
{
    protected override void UseStore(ISiloBuilder silo) =>
        silo.UsePostgresStorage(options =>
        {
            options.ConnectionString = database.ConnectionString;
            options.Schema = $"s_{Guid.NewGuid():N}";
        });
}
