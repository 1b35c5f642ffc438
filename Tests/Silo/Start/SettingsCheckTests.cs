using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using OrleansMemory.Silo.Settings;
using Xunit;

namespace OrleansMemory.Tests.Silo.Start;

public sealed class SettingsCheckTests
{
    private const string Secret = "hunter2";

    private static readonly string[] Paths = [.. KnownSetting.Root().Values.Select(known => known.Path)];

    [Fact]
    public void Every_known_name_passes_and_every_mistyped_one_is_unknown_with_what_was_meant()
    {
        Assert.True(Paths.Length > 50, string.Join(' ', Paths));
        Assert.Contains("OrleansMemory:Cluster:FailureDetection:ProbeTimeout", Paths);
        Assert.Contains("OrleansMemory:Cluster:IdleTime", Paths);
        Assert.Contains("OrleansMemory:Conversations:DefaultTimeToLive:Duration", Paths);
        foreach (KnownSetting known in KnownSetting.Root().Values)
        {
            string mistyped = known.Path[..^1];

            Assert.Empty(Run((known.Path, known.Range?.Minimum.ToString() ?? Valid(known.Value!))).Unknown);
            UnknownSetting unknown = Assert.Single(Run((mistyped, Secret)).Unknown);
            Assert.Equal(mistyped, unknown.Path);
            Assert.NotNull(unknown.Nearest);
        }
    }

    [Fact]
    public void Every_value_of_another_type_is_named_and_not_repeated()
    {
        foreach (KnownSetting known in KnownSetting.Root().Values.Where(known => known.Value != typeof(string)))
        {
            SettingException failure = Assert.Throws<SettingException>(() => Run((known.Path, Secret)));

            Assert.StartsWith(known.Path + " must be ", failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(Secret, failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_value_out_of_its_range_is_named_with_the_range()
    {
        KnownSetting[] bounded = [.. KnownSetting.Root().Values.Where(known => known.Range is not null)];
        Assert.True(bounded.Length > 40, $"{bounded.Length}");
        foreach (KnownSetting known in bounded)
        {
            foreach (string value in Beyond(known.Range!))
            {
                SettingException failure = Assert.Throws<SettingException>(() => Run((known.Path, value)));

                Assert.StartsWith(known.Path + " must be ", failure.Message, StringComparison.Ordinal);
                Assert.EndsWith(
                    ", from " + Bound(known.Range!, known.Range!.Minimum) + " to " + Bound(known.Range!, known.Range!.Maximum) + ".",
                    failure.Message,
                    StringComparison.Ordinal
                );
            }
        }
    }

    [Theory]
    [InlineData("OrleansMemory:Conversations:Tenants:acme:LiveForever", "OrleansMemory:Conversations:Tenants:acme:LiveForever", null)]
    [InlineData("OrleansMemory:GatewayPort", "OrleansMemory:GatewayPort", "OrleansMemory:Cluster:GatewayPort")]
    [InlineData("OrleansMemory:ApiKey:a-key-that-is-long-enough", "OrleansMemory:ApiKey", "OrleansMemory:ApiKeys")]
    [InlineData("OrleansMemory:Postgres:ConnectionString", "OrleansMemory:Postgres:ConnectionString", null)]
    [InlineData("OrleansMemory:Vectors:Model", "OrleansMemory:Vectors", null)]
    public void An_unknown_name_is_told_up_to_where_it_is_unknown(string setting, string path, string? nearest)
    {
        UnknownSetting unknown = Assert.Single(Run((setting, Secret)).Unknown);

        Assert.Equal(path, unknown.Path);
        if (nearest is not null)
        {
            Assert.Equal(nearest, unknown.Nearest);
        }
    }

    [Fact]
    public void Keys_and_tenants_have_any_name() =>
        Assert.Empty(
            Run(
                ("OrleansMemory:ApiKeys:a-key-that-is-long-enough", "a"),
                ("OrleansMemory:ApiKeys:0:Key", "another-key-of-sixteen"),
                ("OrleansMemory:Conversations:Tenants:acme:LivesForever", "true"),
                ("OrleansMemory:Conversations:Tenants:acme:TimeToLive:Duration", "1.00:00:00")
            ).Unknown
        );

    [Fact]
    public void A_number_is_no_kind() => Assert.Throws<SettingException>(() => Run(("OrleansMemory:Store:Kind", "7")));

    private static IEnumerable<string> Beyond(RangeAttribute range)
    {
        if (range.OperandType == typeof(TimeSpan))
        {
            yield return (TimeSpan.Parse($"{range.Minimum}", CultureInfo.InvariantCulture) - TimeSpan.FromTicks(1)).ToString();
            yield return (TimeSpan.Parse($"{range.Maximum}", CultureInfo.InvariantCulture) + TimeSpan.FromTicks(1)).ToString();
        }
        else
        {
            yield return (Convert.ToDecimal(range.Minimum, CultureInfo.InvariantCulture) - 1).ToString(CultureInfo.InvariantCulture);
            yield return (Convert.ToDecimal(range.Maximum, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
        }
    }

    private static string Bound(RangeAttribute range, object bound) =>
        range.OperandType == typeof(TimeSpan)
            ? TimeSpan.Parse($"{bound}", CultureInfo.InvariantCulture).ToString()
            : Convert.ToString(bound, CultureInfo.InvariantCulture)!;

    private static string Valid(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) switch
        {
            { IsEnum: true } kind => Enum.GetNames(kind)[0],
            var some when some == typeof(bool) => "true",
            var some when some == typeof(TimeSpan) => "00:01:00",
            _ => "1",
        };

    private static SettingsReport Run(params (string Name, string Value)[] settings) =>
        SettingsCheck.Run(
            new ConfigurationBuilder()
                .AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Name, (string?)pair.Value)))
                .Build()
        );
}
