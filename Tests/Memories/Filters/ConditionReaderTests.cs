using OrleansMemory.Errors;
using OrleansMemory.Grains.Memories.Filters;
using OrleansMemory.Memories;
using Xunit;
using static OrleansMemory.Memories.MetadataComparison;
using static OrleansMemory.Memories.MetadataFilter;

namespace OrleansMemory.Tests.Memories.Filters;

public sealed class ConditionReaderTests
{
    private const string Metadata = """
        {"n":1.0,"big":12345678901234567890.5,"huge":1e400,"s":"x","t":true,"none":null,"list":["a",2,{"b":1}],"day":"2024-05-06","at":"2024-05-06T10:00:00+02:00",
         "half":"\ud800","o":{"n":1},"d":1,"d":2}
        """;

    public static TheoryData<MetadataFilter, bool> Conditions { get; } =
        new()
        {
            { Where("n", HasAny, 1), true },
            { Where("n", HasAny, 1.00m), true },
            { Where("n", HasAny, "1"), false },
            { Where("n", HasAny, 2, 1), true },
            { Where("s", HasAny, "x"), true },
            { Where("s", HasAny, "X"), false },
            { Where("t", HasAny, true), true },
            { Where("t", HasAny, "true"), false },
            { Where("none", HasAny, new object?[] { null }), true },
            { Where("absent", HasAny, new object?[] { null }), false },
            { Where("list", HasAny, "b", 2.0), true },
            { Where("list", HasAll, "a", 2), true },
            { Where("list", HasAll, "a", 3), false },
            { Where("list", HasNone, "c"), true },
            { Where("list", HasNone, "c", "a"), false },
            { Where("absent", HasNone, "c"), true },
            { Where("o", HasAny, 1), false },
            { Where("half", HasAny, "x"), false },
            { Where("d", HasAny, 2), true },
            { Where("d", HasAny, 1), false },
            { Where("n", AtLeast, 1), true },
            { Where("n", Above, 1), false },
            { Where("n", Above, 0.5), true },
            { Where("n", AtMost, 1), true },
            { Where("n", Below, 1), false },
            { Where("n", Below, 1e300), true },
            { Where("big", Above, 12345678901234567890m), true },
            { Where("huge", Above, 1e300), true },
            { Where("list", Above, 1), true },
            { Where("s", Above, 1), false },
            { Where("absent", Below, 1), false },
            { Where("day", AtLeast, "2024-05-06"), true },
            { Where("day", Above, new DateOnly(2024, 5, 5)), true },
            { Where("day", Below, new DateTimeOffset(2024, 5, 6, 1, 0, 0, TimeSpan.FromHours(2))), false },
            { Where("at", HasAny, "2024-05-06T08:00:00Z"), true },
            { Where("at", AtMost, new DateTime(2024, 5, 6, 8, 0, 0, DateTimeKind.Utc)), true },
            { Where("at", Below, "2024-05-06T08:00:00Z"), false },
            { All(Where("n", HasAny, 1), Where("s", HasAny, "x")), true },
            { All(Where("n", HasAny, 1), Where("s", HasAny, "y")), false },
            { Any(Where("n", HasAny, 2), Where("s", HasAny, "x")), true },
            { Any(Where("n", HasAny, 2), All(Where("t", HasAny, true), Where("s", HasAny, "y"))), false },
        };

    [Theory]
    [MemberData(nameof(Conditions))]
    public void A_condition_holds_or_not(MetadataFilter filter, bool holds) =>
        Assert.Equal(holds, ConditionReader.Read(filter)!.Accepts(MetadataValues.Read(Metadata)));

    [Fact]
    public void Without_metadata_only_what_must_not_be_there_holds()
    {
        Assert.False(ConditionReader.Read(Where("n", HasAny, 1))!.Accepts(MetadataValues.None));
        Assert.True(ConditionReader.Read(Where("n", HasNone, 1))!.Accepts(MetadataValues.None));
        Assert.Null(ConditionReader.Read(null));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("[1]", false)]
    [InlineData("{}", false)]
    [InlineData("""{"n":{"n":1}}""", false)]
    [InlineData("""{"n":1,"n":2}""", false)]
    [InlineData("""{"n":2,"n":1}""", true)]
    [InlineData("""{"\ud800":1,"n":[{},"\ud800",1.0]}""", true)]
    public void Metadata_of_any_form_are_read(string? metadata, bool holds) =>
        Assert.Equal(holds, ConditionReader.Read(Where("n", HasAny, 1))!.Accepts(MetadataValues.Read(metadata)));

    [Fact]
    public void What_is_no_filter_is_refused()
    {
        MetadataFilter deep = Where("n", HasAny, 1);
        for (int i = 0; i < 8; i++)
        {
            deep = All(deep);
        }

        MetadataFilter[] bad =
        [
            new MetadataFilter(),
            Where("", HasAny, 1),
            Where("n\0", HasAny, 1),
            Where("n", (MetadataComparison)7, 1),
            Where("n", HasAny),
            Where("n", HasAny, [.. Enumerable.Range(0, 257).Cast<object?>()]),
            Where("n", Above, 1, 2),
            Where("n", Above, "x"),
            Where("n", Above, true),
            new MetadataFilter { Name = "n", Values = default },
            new MetadataFilter { Name = "n", Values = ["{"] },
            new MetadataFilter { Name = "n", Values = ["{}"] },
            new MetadataFilter { Name = "n", Values = [null!] },
            new MetadataFilter { Name = "n", Values = [$"\"{new string('x', 5000)}\""] },
            Where("n", HasAny, 1) with
            {
                AnyOf = [Where("n", HasAny, 1)],
            },
            All(null!, Where("n", HasAny, 1)),
            All([.. Enumerable.Repeat(Where("n", HasAny, 1), 64)]),
            deep,
        ];
        Assert.All(
            bad,
            filter =>
                Assert.StartsWith(
                    "filter",
                    Assert.Throws<InvalidRequestException>(() => ConditionReader.Read(filter)).Parameter,
                    StringComparison.Ordinal
                )
        );
        Assert.NotNull(ConditionReader.Read(deep.AllOf[0]));
        Assert.NotNull(ConditionReader.Read(All([.. Enumerable.Repeat(Where("n", HasAny, 1), 63)])));
        Assert.NotNull(
            ConditionReader.Read(
                new MetadataFilter
                {
                    Name = "n",
                    Values = ["1"],
                    AllOf = default,
                    AnyOf = default,
                }
            )
        );
    }

    [Fact]
    public void A_value_of_another_type_is_refused_when_it_is_given()
    {
        Assert.Throws<ArgumentException>(() => Where("n", HasAny, new object()));
        Assert.Throws<ArgumentException>(() => Where("n", HasAny, double.NaN));
        Assert.Throws<ArgumentException>(() => Where("n", HasAny, float.PositiveInfinity));
        Assert.Equal(
            ["null", "\"a\"", "1.5", "-3", "false", "\"2024-05-06\""],
            Where("n", HasAny, null, "a", 1.5, -3L, false, new DateOnly(2024, 5, 6)).Values
        );
    }
}
