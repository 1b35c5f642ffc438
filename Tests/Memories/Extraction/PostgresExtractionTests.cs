using OrleansMemory.Grains.Hosting;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Memories.Extraction;

public sealed class PostgresExtractionTests(PostgresDatabase database) : ExtractionBehaviour, IClassFixture<PostgresDatabase>
{
    // A test of the sweep at the start must not find what other tests have left.
    private readonly string _schema = $"s_{Guid.NewGuid():N}";

    protected override void UseStore(ISiloBuilder silo) =>
        silo.UsePostgresStorage(options =>
        {
            options.ConnectionString = database.ConnectionString;
            options.Schema = _schema;
        });
}
