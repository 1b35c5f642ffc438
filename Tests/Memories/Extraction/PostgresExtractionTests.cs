using OrleansMemory.Grains.Hosting;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Memories.Extraction;

public sealed class PostgresExtractionTests(PostgresDatabase database) : ExtractionBehaviour, IClassFixture<PostgresDatabase>
{
    protected override void UseStore(ISiloBuilder silo) => silo.UsePostgresStorage(options => options.ConnectionString = database.ConnectionString);
}
