using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Silo.Access;
using OrleansMemory.Silo.Settings;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

public sealed class AccessTests(AccessTests.Keyed keyed, AccessTests.Keyless keyless)
    : IClassFixture<AccessTests.Keyed>,
        IClassFixture<AccessTests.Keyless>
{
    private const string KeyOfA = "key-of-tenant-a-0001";
    private const string KeyOfB = "key-of-tenant-b:0001";

    [Fact]
    public async Task A_key_opens_its_tenant_and_no_other()
    {
        await keyed.AskAsync(HttpStatusCode.Created, "PUT", "same", """{"title":"A"}""", ("Authorization", "Bearer " + KeyOfA));

        await keyed.RefuseAsync(
            HttpStatusCode.NotFound,
            "conversation-not-found",
            "GET",
            "same",
            null,
            ("Authorization", "Bearer " + KeyOfB)
        );
        await keyed.AskAsync(HttpStatusCode.Created, "PUT", "same", """{"title":"B"}""", ("Authorization", "Bearer " + KeyOfB));
        await keyed.AskAsync(HttpStatusCode.Created, "POST", "same/fork", """{"newId":"fork"}""", ("Authorization", "Bearer " + KeyOfB));

        JsonElement read = await keyed.AskAsync(HttpStatusCode.OK, "GET", "same", null, ("Authorization", "bearer " + KeyOfA));
        Assert.Equal("A", read.GetProperty("title").GetString());
        await keyed.RefuseAsync(
            HttpStatusCode.NotFound,
            "conversation-not-found",
            "GET",
            "fork",
            null,
            ("Authorization", "Bearer " + KeyOfA)
        );
        await keyed.AskAsync(HttpStatusCode.OK, "DELETE", "same", null, ("Authorization", "Bearer " + KeyOfA));
        await keyed.AskAsync(HttpStatusCode.OK, "GET", "same", null, ("Authorization", "Bearer " + KeyOfB));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Basic abc")]
    [InlineData("Bearer ")]
    [InlineData("Bearer")]
    public async Task Without_a_key_nothing_is_served(string? header)
    {
        using HttpResponseMessage response = await keyed.SendAsync("GET", "c", null, header is null ? [] : [("Authorization", header)]);

        await SiloApp.ProblemAsync(response, HttpStatusCode.Unauthorized, "key-missing");
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task An_unknown_key_is_forbidden()
    {
        await keyed.RefuseAsync(HttpStatusCode.Forbidden, "key-unknown", "GET", "c", null, ("Authorization", "Bearer " + KeyOfA + "x"));
        await keyed.RefuseAsync(
            HttpStatusCode.Forbidden,
            "key-unknown",
            "GET",
            "c",
            null,
            ("Authorization", "Bearer " + KeyOfA.ToUpperInvariant())
        );
    }

    [Theory]
    [InlineData("203.0.113.7", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    public async Task With_keys_every_address_is_served(string address, HttpStatusCode status)
    {
        await keyed.AskAsync(
            HttpStatusCode.Created,
            "PUT",
            address,
            "{}",
            RemoteAddress.Of(address),
            ("Authorization", "Bearer " + KeyOfA)
        );

        await keyed.AskAsync(status, "GET", address, null, RemoteAddress.Of(address), ("Authorization", "Bearer " + KeyOfA));
    }

    [Theory]
    [InlineData("203.0.113.7", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.8.9.1", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    public async Task Without_keys_only_this_machine_is_served(string address, bool served)
    {
        (string, string) from = RemoteAddress.Of(address);
        if (served)
        {
            await keyless.AskAsync(HttpStatusCode.OK, "PUT", "c/entries/n/k", "{}", from);
        }
        else
        {
            JsonElement problem = await keyless.RefuseAsync(HttpStatusCode.Forbidden, "loopback-only", "PUT", "c/entries/n/k", "{}", from);
            Assert.Contains("OrleansMemory:ApiKeys", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
            await keyless.RefuseAsync(HttpStatusCode.Forbidden, "loopback-only", "GET", "/openapi/v1.json", null, from);
            await keyless.AskAsync(HttpStatusCode.OK, "GET", "/health/ready", null, from);
        }
    }

    [Theory]
    [InlineData("evil.example", false)]
    [InlineData("127.0.0.1.evil.example:5080", false)]
    [InlineData("localhost:5080", true)]
    [InlineData("127.0.0.1:5080", true)]
    [InlineData("[::1]:5080", true)]
    public async Task Without_keys_only_this_machines_names_are_served(string host, bool served)
    {
        using HttpResponseMessage response = await keyless.SendAsync("PUT", "c/entries/n/k", "{}", ("Host", host));

        Assert.Equal(served ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task With_keys_health_and_the_document_stay_open()
    {
        await keyed.AskAsync(HttpStatusCode.OK, "GET", "/health/live");
        await keyed.AskAsync(HttpStatusCode.OK, "GET", "/health/ready");
        await keyed.AskAsync(HttpStatusCode.OK, "GET", "/openapi/v1.json");
        await keyed.RefuseAsync(HttpStatusCode.Unauthorized, "key-missing", "GET", "/v1/nothing");
    }

    [Theory]
    [InlineData("0", "a-list-of-bare-keys", "16")]
    [InlineData("short", "a", "16")]
    [InlineData("a key with spaces in it", "a", "printable")]
    [InlineData("a-key-that-is-long-enough", "no/tenant", "tenant")]
    [InlineData("a-key-that-is-long-enough", "", "tenant")]
    public void A_bad_key_ends_the_start_and_is_not_repeated(string key, string tenant, string rule)
    {
        var failure = Assert.Throws<SettingException>(() => Read((key, tenant)));

        Assert.Contains(rule, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(
            key.Length > 1 ? key : tenant,
            failure.Message.Replace("no/tenant", "", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
    }

    private static void Read(params (string Key, string Tenant)[] keys) =>
        ApiKeyReader.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection(keys.Select(pair => KeyValuePair.Create($"{ApiKeyReader.Section}:{pair.Key}", (string?)pair.Tenant)))
                .Build()
                .GetSection(ApiKeyReader.Section)
        );

    public sealed class Keyed : SiloApp
    {
        public Keyed() =>
            With("OrleansMemory:ApiKeys:" + KeyOfA, "a")
                .With("OrleansMemory:ApiKeys:0:Key", KeyOfB)
                .With("OrleansMemory:ApiKeys:0:Tenant", "b")
                .With(services => services.AddSingleton<IStartupFilter, RemoteAddress>());
    }

    public sealed class Keyless : SiloApp
    {
        public Keyless() => With(services => services.AddSingleton<IStartupFilter, RemoteAddress>());
    }
}
