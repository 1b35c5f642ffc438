using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using OrleansMemory.Silo.Access;
using OrleansMemory.Silo.Settings;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.Access;

/// <summary>Configured keys, and what becomes of them when the configuration changes.</summary>
public sealed class ApiKeyRingTests : IDisposable
{
    private const string First = "first-key-0123456789";
    private const string Second = "second-key-0123456789";

    private readonly string _file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly ConfigurationManager _configuration = new();
    private readonly LogLines _lines = new();
    private readonly LoggerFactory _loggers;

    public ApiKeyRingTests() => _loggers = new LoggerFactory([_lines]);

    public void Dispose()
    {
        _configuration.Dispose();
        _loggers.Dispose();
        _lines.Dispose();
        File.Delete(_file);
    }

    [Fact]
    public void Keys_are_exchanged_without_a_restart()
    {
        using ApiKeyRing ring = Open(Keys(First));
        Change(Keys(First, Second));
        Assert.Equal((true, true), (Has(ring, First), Has(ring, Second)));

        Change(Keys(Second));

        Assert.Equal((false, true), (Has(ring, First), Has(ring, Second)));
        Assert.Contains(_lines.Lines, line => line.Contains("1 are configured, 0 of them new; 1 are gone", StringComparison.Ordinal));
        AssertNoKeyIsLogged();
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"OrleansMemory":{"ApiKeys":[{"Key":"too-short","Tenant":"t"}]}}""")]
    [InlineData("""{"OrleansMemory":{"ApiKeys":[{"Key":"second-key-0123456789"}]}}""")]
    public void What_cannot_be_read_changes_nothing(string json)
    {
        using ApiKeyRing ring = Open(Keys(First));

        Change(json);

        Assert.Equal((true, false, true), (Has(ring, First), Has(ring, Second), ring.RequiresKeys));
        Assert.Contains(_lines.Lines, line => line.Contains("the last ones hold", StringComparison.Ordinal));
        AssertNoKeyIsLogged();
        Change(Keys(Second));
        Assert.Equal((false, true), (Has(ring, First), Has(ring, Second)));
    }

    [Fact]
    public void A_silo_that_gets_keys_serves_nobody_without_from_then_on()
    {
        using ApiKeyRing ring = Open("{}");
        Assert.False(ring.RequiresKeys);

        Change(Keys(First));
        Assert.True(ring.RequiresKeys);
        Change("{}");

        Assert.True(ring.RequiresKeys);
        Assert.True(Has(ring, First));
    }

    [Fact]
    public void A_key_has_fields_in_a_list_and_in_a_map()
    {
        using ApiKeyRing ring = Open(
            $$$"""
            {"OrleansMemory":{"ApiKeys":{
              "{{{First}}}":{"Tenant":"t","Role":"reader","User":"ada","Name":"n"},
              "1":{"Key":"{{{Second}}}","Role":"Operator"},
              "third-key-0123456789":"t" } } }
            """
        );

        Assert.Equal(new Caller("t", AccessRole.Reader, "ada", "n"), ring.Find(KeyHash.Of(First))!.Caller);
        Assert.Equal(new Caller(null, AccessRole.Operator), ring.Find(KeyHash.Of(Second))!.Caller);
        Assert.Equal(new Caller("t", AccessRole.Writer), ring.Find(KeyHash.Of("third-key-0123456789"))!.Caller);
    }

    [Theory]
    [InlineData("\"Tenant\":\"t\",\"Roll\":\"Reader\"", "the fields of a key are")]
    [InlineData("\"Tenant\":\"t\",\"Role\":\"Root\"", "Role is Reader, Writer, TenantAdministrator, Operator")]
    [InlineData("\"Tenant\":\"t\",\"Role\":\"2\"", "Role is")]
    [InlineData("\"Tenant\":\"t\",\"Role\":\"TenantAdministrator\",\"User\":\"ada\"", "a key with a User is a Reader or a Writer")]
    [InlineData("\"Role\":\"Operator\",\"User\":\"ada\"", "a key with a User is a Reader or a Writer")]
    [InlineData("\"Tenant\":\"t\",\"User\":\"..\"", "User is a user's id")]
    [InlineData("\"Tenant\":\"t\",\"ExpiresAt\":\"tomorrow\"", "ExpiresAt is an instant")]
    [InlineData("\"Tenant\":\"t\",\"Name\":\"\"", "Name has 1 to 64 characters")]
    [InlineData("\"Tenant\":\"t\",\"Hash\":\"00\"", "Hash is the SHA-256 hash")]
    [InlineData("\"Role\":\"Writer\"", "names its tenant")]
    public void A_field_that_is_not_valid_ends_the_start_and_the_key_is_not_repeated(string fields, string rule)
    {
        var failure = Assert.Throws<SettingException>(() =>
            Open($$$"""{"OrleansMemory":{"ApiKeys":[{"Key":"{{{First}}}",{{{fields}}} }]}}""")
        );

        Assert.Contains(rule, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(First, failure.Message, StringComparison.Ordinal);
    }

    private static string Keys(params string[] keys) =>
        $$$"""{"OrleansMemory":{"ApiKeys":[{{{string.Join(',', keys.Select(key => $$"""{"Key":"{{key}}","Tenant":"t"}"""))}}}]}}""";

    private static bool Has(ApiKeyRing ring, string key) => ring.Find(KeyHash.Of(key)) is not null;

    private ApiKeyRing Open(string json)
    {
        File.WriteAllText(_file, json);
        _configuration.AddJsonFile(_file);
        return new ApiKeyRing(_configuration, SettingFiles.Watch(_configuration), _loggers.CreateLogger<ApiKeyRing>());
    }

    private void Change(string json)
    {
        File.WriteAllText(_file, json);
        ((IConfigurationRoot)_configuration).Reload();
    }

    private void AssertNoKeyIsLogged() =>
        Assert.DoesNotContain(
            _lines.Lines,
            line => line.Contains("key-0123456789", StringComparison.Ordinal) || line.Contains("too-short", StringComparison.Ordinal)
        );
}
