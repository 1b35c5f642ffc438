using OrleansMemory.Grains.Storage;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>Which properties of metadata can be found.</summary>
public sealed class MetadataLabelsTests
{
    /// <summary>Documents and their labels; the schema script that upgrades a database must make the same.</summary>
    public static TheoryData<string, string[]> Documents() =>
        new()
        {
            { """{}""", [] },
            { """[1]""", [] },
            {
                """ {"s":"text","i":1,"d":1.0,"e":1E+2,"t":true,"f":false,"n":null,"empty":""} """,
                ["s=text", "i=1", "d=1.0", "e=1E+2", "t=true", "f=false", "n=null", "empty="]
            },
            { """{"o":{"k":1},"a":[1],"k":2}""", ["k=2"] },
            { """{"a=b":"c","a":"b=c","back\\slash":"x\\y"}""", [@"a\=b=c", "a=b=c", @"back\\slash=x\y"] },
            { """{"k":1,"l":2,"k":3}""", ["l=2", "k=3"] },
            { """{"k":1,"l":2,"k":[]}""", ["l=2"] },
            { """{"é":"日本語 \ud83d\ude00","":"no name"}""", ["é=日本語 \U0001F600", "=no name"] },
            {
                $$"""{"fits":"{{new string('x', 507)}}","long":"{{new string('x', 508)}}","wide":"{{new string('é', 254)}}"}""",
                ["fits=" + new string('x', 507)]
            },
            {
                $$"""{{{string.Join(',', Enumerable.Range(0, 70).Select(i => $"\"k{i}\":{i}"))}}}""",
                [.. Enumerable.Range(0, 64).Select(i => $"k{i}={i}")]
            },
        };

    [Theory]
    [MemberData(nameof(Documents))]
    public void Plain_properties_are_labels(string metadata, string[] labels) => Assert.Equal(labels, MetadataLabels.Of(metadata));

    [Fact]
    public void What_no_store_can_hold_as_text_is_left_out() =>
        Assert.Equal("good=1", Assert.Single(MetadataLabels.Of("""{"nul":"\u0000","half":"\ud800","\udc00":1,"good":1}""")));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"a":1""")]
    [InlineData("""{"a":1,}""")]
    public void What_is_no_document_has_no_labels(string? metadata) => Assert.Empty(MetadataLabels.Of(metadata));

    [Fact]
    public void Condition_that_no_document_can_meet_has_no_label()
    {
        Assert.Null(MetadataLabels.Of("k", new string('x', 511)));
        Assert.Null(MetadataLabels.Of("k", "\0"));
        Assert.Null(MetadataLabels.Of("k", "\ud800"));
        Assert.Equal(512, MetadataLabels.Of("k", new string('x', 510))!.Length);
    }
}
