using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansMemory.Silo.Access;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.Access;

/// <summary>The life of a key over HTTP: its time, its form, how many unknown ones an address may send.</summary>
public sealed class KeyTests(KeyTests.App app) : IClassFixture<KeyTests.App>
{
    [Fact]
    public async Task A_key_opens_until_it_expires()
    {
        // Its clock is moved past what other tests could do with.
        await using var own = new App();
        await own.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "c", null, Bearer("key-that-will-expire"));
        own.Clock.Advance(TimeSpan.FromHours(2) - TimeSpan.FromTicks(1));
        await own.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "c", null, Bearer("key-that-will-expire"));

        own.Clock.Advance(TimeSpan.FromTicks(1));

        await own.RefuseAsync(HttpStatusCode.Forbidden, "key-expired", "GET", "c", null, Bearer("key-that-will-expire"));
        await own.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "c", null, Bearer("key-given-as-a-hash"));
    }

    [Theory]
    [InlineData("Bearer key-given-as-a-hash, Bearer key-given-as-a-hash")]
    [InlineData("Bearer key-given-as-a-hash,")]
    public async Task Several_keys_in_one_header_are_no_request(string header)
    {
        Assert.Equal(
            "Authorization",
            (await app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "GET", "c", null, ("Authorization", header)))
                .GetProperty("parameter")
                .GetString()
        );
        await app.AskAsync(HttpStatusCode.OK, "GET", "/health/live", null, ("Authorization", header));
    }

    [Fact]
    public async Task Two_headers_are_no_request() =>
        await app.RefuseAsync(
            HttpStatusCode.BadRequest,
            "invalid-request",
            "GET",
            "c",
            null,
            Bearer("key-given-as-a-hash"),
            Bearer("key-that-will-expire")
        );

    [Fact]
    public async Task Unknown_keys_of_one_address_are_counted_and_known_ones_are_served_all_the_same()
    {
        (string, string) from = RemoteAddress.Of("203.0.113.9");
        for (int i = 0; i < App.Refused; i++)
        {
            await app.RefuseAsync(HttpStatusCode.Forbidden, "key-unknown", "GET", "c", null, from, Bearer($"key-that-nobody-has-{i}"));
        }

        using HttpResponseMessage limited = await app.SendAsync("GET", "c", null, from, Bearer("key-that-nobody-has"));
        await SiloApp.ProblemAsync(limited, HttpStatusCode.TooManyRequests, "too-many-refused-keys");
        Assert.Equal(TimeSpan.FromSeconds(12), limited.Headers.RetryAfter!.Delta);
        await app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "c", null, from, Bearer("key-given-as-a-hash"));
        await app.AskAsync(HttpStatusCode.OK, "GET", "/health/live", null, from, Bearer("key-that-nobody-has"));
        await app.RefuseAsync(
            HttpStatusCode.Forbidden,
            "key-unknown",
            "GET",
            "c",
            null,
            RemoteAddress.Of("203.0.113.10"),
            Bearer("key-that-nobody-has")
        );

        app.Clock.Advance(TimeSpan.FromSeconds(12));
        await app.RefuseAsync(HttpStatusCode.Forbidden, "key-unknown", "GET", "c", null, from, Bearer("key-that-nobody-has"));
        await app.RefuseAsync(
            HttpStatusCode.TooManyRequests,
            "too-many-refused-keys",
            "GET",
            "c",
            null,
            from,
            Bearer("key-that-nobody-has")
        );
    }

    [Fact]
    public async Task Only_configured_keys_open_where_it_is_set_so()
    {
        await using SiloApp closed = new SiloApp()
            .With("OrleansMemory:ApiKeys:0:Key", "key-of-the-administrator")
            .With("OrleansMemory:ApiKeys:0:Tenant", "t")
            .With("OrleansMemory:ApiKeys:0:Role", "TenantAdministrator")
            .With("OrleansMemory:Access:ConfiguredKeysOnly", "true");
        await closed.AskAsync(
            HttpStatusCode.OK,
            "PUT",
            "/v1/tenant",
            $$"""{"apiKeys":[{"hash":"{{App.HashOf("t~0123456789abcdef")}}"}]}""",
            Bearer("key-of-the-administrator")
        );

        await closed.RefuseAsync(HttpStatusCode.Forbidden, "key-unknown", "GET", "c", null, Bearer("t~0123456789abcdef"));
    }

    private static (string, string) Bearer(string key) => ("Authorization", "Bearer " + key);

    public sealed class App : SiloApp
    {
        /// <summary>How many unknown keys of an address are answered in a minute.</summary>
        public const int Refused = 5;

        public App()
        {
            With("OrleansMemory:ApiKeys:0:Key", "key-that-will-expire")
                .With("OrleansMemory:ApiKeys:0:Tenant", "t")
                .With("OrleansMemory:ApiKeys:0:ExpiresAt", Clock.GetUtcNow().AddHours(2).ToString("O"))
                .With("OrleansMemory:ApiKeys:1:Hash", HashOf("key-given-as-a-hash"))
                .With("OrleansMemory:ApiKeys:1:Tenant", "t")
                .With("OrleansMemory:ApiKeys:1:Name", "by hash")
                .With("OrleansMemory:Access:RefusedKeysPerMinute", $"{Refused}")
                .With(services =>
                {
                    services.AddSingleton<IStartupFilter, RemoteAddress>();
                    services.PostConfigureAll<AuthenticationSchemeOptions>(scheme => scheme.TimeProvider = Clock);
                    services.Replace(
                        ServiceDescriptor.Singleton(provider => new RefusedKeys(
                            provider.GetRequiredService<IOptions<AccessOptions>>(),
                            Clock
                        ))
                    );
                });
        }

        /// <summary>The clock of keys.</summary>
        public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

        public static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }
}
