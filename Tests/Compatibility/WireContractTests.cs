using Orleans.Serialization;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Compatibility;

/// <summary>Everything that crosses the border of a silo comes out as it went in, also when an earlier build wrote it.</summary>
public sealed class WireContractTests(WireSerializer wire) : IClassFixture<WireSerializer>
{
    private const int Samples = 20;
    private const int RecordedSeed = 1;
    private const string Folder = "Tests/Compatibility/Wire";
    private const string Switch = "ORLEANSMEMORY_RECORD_WIRE";

    public static TheoryData<string> Types => [.. WireTypes.Concrete.Select(WireTypes.Alias)];

    [Theory]
    [MemberData(nameof(Types))]
    public void A_value_comes_out_as_it_went_in(string alias)
    {
        Serializer serializer = wire.Serializer;
        foreach (int seed in Generated.Seeds(Samples))
        {
            object value = Sample(alias, seed);
            object? read = serializer.Deserialize<object>(serializer.SerializeToArray<object>(value));
            AssertSame($"{alias}, seed {seed}", value, read);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_copy_has_all_that_its_original_has(string alias)
    {
        DeepCopier copier = wire.Copier;
        foreach (int seed in Generated.Seeds(Samples))
        {
            object value = Sample(alias, seed);
            AssertSame($"{alias}, seed {seed}", value, copier.Copy(value));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void What_an_earlier_build_wrote_can_be_read(string alias)
    {
        string payload = Checkout.PathOf($"{Folder}/{alias}.bin");
        string text = Checkout.PathOf($"{Folder}/{alias}.txt");
        Serializer serializer = wire.Serializer;
        if (!File.Exists(payload) && Environment.GetEnvironmentVariable(Switch) == "1")
        {
            object value = Sample(alias, RecordedSeed);
            File.WriteAllBytes(payload, serializer.SerializeToArray<object>(value));
            File.WriteAllLines(text, WireText.Of(value));
        }

        Assert.True(
            File.Exists(payload),
            $"There is no recorded payload of {alias}. If the type is new, run this test once with {Switch}=1 and check {Folder}/{alias}.bin and .txt in. "
                + "Never record one again to make this test pass: silos of the last build still write the old one."
        );
        object? read = serializer.Deserialize<object>(File.ReadAllBytes(payload));
        Assert.NotNull(read);

        // Members that were added since have no line in the record.
        IReadOnlyList<string> lines = WireText.Of(read);
        Assert.Empty(File.ReadAllLines(text).Except(lines));
    }

    [Fact]
    public void Every_record_belongs_to_a_type()
    {
        IEnumerable<string> recorded = Directory
            .EnumerateFiles(Checkout.PathOf(Folder), "*.bin")
            .Select(file => Path.GetFileNameWithoutExtension(file));
        Assert.Empty(recorded.Except(WireTypes.Concrete.Select(WireTypes.Alias)));
    }

    private static object Sample(string alias, int seed) =>
        new WireSamples(seed).Make(
            WireTypes.Concrete.Single(type => string.Equals(WireTypes.Alias(type), alias, StringComparison.Ordinal))
        );

    private static void AssertSame(string what, object expected, object? actual)
    {
        Assert.True(actual?.GetType() == expected.GetType(), $"{what}: expected {expected.GetType()}, got {actual?.GetType()}");
        Assert.Equal(WireText.Of(expected), WireText.Of(actual!));
    }
}
