using OrleansMemory.Grains.Storage.Postgres;
using Xunit;

namespace OrleansMemory.Tests.Compatibility;

/// <summary>A schema script that has run somewhere is never edited: databases remember its checksum.</summary>
public sealed class FrozenSchemaTests
{
    [Theory]
    [InlineData(1, "e5a08b00213865bcad6a69981e05575a47b0dfe1c794043826e4679bc253c53b")]
    public void Script_keeps_its_text(int number, string checksum) =>
        Assert.Equal(checksum, SchemaMigrator.Checksum(SqlScripts.Schema()[number - 1]));
}
