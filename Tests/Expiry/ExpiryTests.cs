using OrleansMemory.Grains.Hosting;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Expiry;

public sealed class InMemoryExpiryTests : ExpiryBehaviour
{
    protected override void UseStore(ISiloBuilder silo) => silo.UseInMemoryStorage();
}

public sealed class PostgresExpiryTests(PostgresDatabase database) : ExpiryBehaviour, IClassFixture<PostgresDatabase>
{
    private readonly string _schema = $"s_{Guid.NewGuid():N}";

    protected override void UseStore(ISiloBuilder silo) =>
        silo.UsePostgresStorage(options =>
        {
            options.ConnectionString = database.ConnectionString;
            options.Schema = _schema;
        });
}
