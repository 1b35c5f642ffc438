using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Schema;
using Xunit;

namespace OrleansMemory.Tests.Compatibility;

/// <summary>A schema script that has run somewhere is never edited: databases remember its checksum.</summary>
public sealed class FrozenSchemaTests
{
    [Theory]
    [InlineData(1, "e5a08b00213865bcad6a69981e05575a47b0dfe1c794043826e4679bc253c53b")]
    [InlineData(2, "7e4d886e346050e8bb4849a3aa4ec47d2664c6043026f814d6543d1f5bb3a678")]
    [InlineData(3, "c69366ae7a18c7767341925b8b13a5406345c9c9f7b26c9a330ca89d864b1732")]
    [InlineData(4, "af8a9a40bf479a18b089c1e5e80a5c6bc1f0a27c7e1ee7c51ee804ab0c3532a4")]
    [InlineData(5, "45c6e6d2de342e4468b90263653f8f5abcffcccc00039f7c0a60c1b22149ac35")]
    [InlineData(6, "a035a8645edd7fab8c428a27b470b350d8a8ce153678c3b81599fee3347cf89b")]
    [InlineData(7, "7bfae6607ed26d2ffd4cd93a7c87352690902f5e9d25c07e84b1f59de0cddb27")]
    [InlineData(8, "8ad614f11fe1a9d81483a2feca9dc784a4f4ccb6facebd3249aa699ffd9561b8")]
    [InlineData(9, "2e8f4718c31bd5b1689c0e10e9d741cca956a52dcd83a404e5304ee8bbfe63c9")]
    [InlineData(10, "cce11b157172d1e7696568c452360a7f0a507356a6833758c7de5b2dc932f8cd")]
    [InlineData(11, "82ed7c821ec8f894093214e200fa6da7347316e390c8d456b2df55963c378a49")]
    [InlineData(12, "f92de173d9e33fd8f54f945fb925de7ffcd0db447e70526eb061b82a464bf7eb")]
    [InlineData(13, "3f40ec499a2e8eab40498126f62798cba2681ec148f10479b65aeba385c65bab")]
    [InlineData(14, "163b5ae155369c7e52d3e2a416dc20b30c2d0e57234dc2563abed0cc1032bdcb")]
    [InlineData(15, "757670277a1448f657ec30a7cd5b15aca02ead2b27ced0c5ccfbe7f6aafb458c")]
    public void Script_keeps_its_text(int number, string checksum) =>
        Assert.Equal(checksum, SchemaMigrator.Checksum(SqlScripts.Schema().Single(script => script.Number == number)));
}
