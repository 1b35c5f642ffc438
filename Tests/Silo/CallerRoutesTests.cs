using System.Net;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

/// <summary>Who the caller is, and which silos there are.</summary>
public sealed class CallerRoutesTests(CallerRoutesTests.App app) : IClassFixture<CallerRoutesTests.App>
{
    [Theory]
    [InlineData("key-of-an-operator-0", null, """{"role":"Operator","tenant":null,"userId":null,"keyName":"ops"}""")]
    [InlineData("key-of-an-operator-0", "acme", """{"role":"Operator","tenant":"acme","userId":null,"keyName":"ops"}""")]
    [InlineData("key-of-the-user-ada-", null, """{"role":"Writer","tenant":"acme","userId":"ada","keyName":null}""")]
    [InlineData("key-of-some-reader-0", null, """{"role":"Reader","tenant":"acme","userId":null,"keyName":null}""")]
    public async Task A_key_tells_what_it_opens(string key, string? tenant, string expected)
    {
        (string, string)[] headers =
        [
            ("Authorization", $"Bearer {key}"),
            .. tenant is null ? ((string, string)[])[] : [("OrleansMemory-Tenant", tenant)],
        ];

        Assert.Equal(expected, (await app.AskAsync(HttpStatusCode.OK, "GET", "/v1/caller", null, headers)).GetRawText());
    }

    [Fact]
    public async Task Without_a_key_nothing_is_told() =>
        await app.RefuseAsync(HttpStatusCode.Unauthorized, "key-missing", "GET", "/v1/caller");

    [Fact]
    public async Task Operators_see_the_silos_and_what_each_has_to_do()
    {
        JsonElement list = await app.AskAsync(
            HttpStatusCode.OK,
            "GET",
            "/v1/silos",
            null,
            ("Authorization", "Bearer key-of-an-operator-0")
        );

        JsonElement silo = Assert.Single(list.GetProperty("silos").EnumerateArray());
        Assert.Equal("Active", silo.GetProperty("status").GetString());
        Assert.Equal(0, silo.GetProperty("queuedTurns").GetInt64());
        Assert.True(silo.GetProperty("activeGrains").GetInt64() > 0);
        Assert.True(silo.GetProperty("memoryBytes").GetInt64() > 10_000_000);
        Assert.InRange(
            silo.GetProperty("startedAt").GetDateTimeOffset(),
            TimeProvider.System.GetUtcNow().AddHours(-1),
            TimeProvider.System.GetUtcNow().AddMinutes(1)
        );
    }

    public sealed class App : SiloApp
    {
        public App()
        {
            With("OrleansMemory:ApiKeys:0:Key", "key-of-an-operator-0")
                .With("OrleansMemory:ApiKeys:0:Role", "Operator")
                .With("OrleansMemory:ApiKeys:0:Name", "ops");
            With("OrleansMemory:ApiKeys:1:Key", "key-of-the-user-ada-")
                .With("OrleansMemory:ApiKeys:1:Tenant", "acme")
                .With("OrleansMemory:ApiKeys:1:User", "ada");
            With("OrleansMemory:ApiKeys:2:Key", "key-of-some-reader-0")
                .With("OrleansMemory:ApiKeys:2:Tenant", "acme")
                .With("OrleansMemory:ApiKeys:2:Role", "Reader");
        }
    }
}
