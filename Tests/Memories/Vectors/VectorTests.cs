using OrleansMemory.Grains.Hosting;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Memories.Vectors;

public sealed class InMemoryVectorTests : VectorBehaviour
{
    private readonly InMemoryStores _stores = new();

    protected override void UseStore(ISiloBuilder silo) => silo.UseInMemoryStorage(_stores);
}

public sealed class PostgresVectorTests(PostgresDatabase database) : VectorBehaviour, IClassFixture<PostgresDatabase>
{
    private readonly string _schema = $"s_{Guid.NewGuid():N}";

    protected override void UseStore(ISiloBuilder silo) =>
        silo.UsePostgresStorage(options =>
        {
            options.ConnectionString = database.ConnectionString;
            options.Schema = _schema;
        });
}
