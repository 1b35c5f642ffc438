using System.Net;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.Access;

/// <summary>A silo without keys serves what comes straight from its machine, and nothing that only seems to.</summary>
public sealed class LocalRequestTests(SiloApp app) : IClassFixture<SiloApp>
{
    [Theory]
    [InlineData("Forwarded", "for=203.0.113.7")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    [InlineData("x-forwarded-proto", "https")]
    [InlineData("X-Forwarded-Anything", "x")]
    [InlineData("X-Forwarded", "x")]
    [InlineData("X-Real-IP", "127.0.0.1")]
    [InlineData("X-Client-IP", "203.0.113.7")]
    [InlineData("True-Client-IP", "203.0.113.7")]
    [InlineData("CF-Connecting-IP", "203.0.113.7")]
    [InlineData("X-Original-Host", "example.com")]
    [InlineData("X-Envoy-External-Address", "203.0.113.7")]
    public async Task What_has_been_forwarded_is_refused(string header, string value)
    {
        Assert.Contains(
            "OrleansMemory:ApiKeys",
            (await app.RefuseAsync(HttpStatusCode.Forbidden, "forwarded", "PUT", "c", "{}", (header, value)))
                .GetProperty("detail")
                .GetString(),
            StringComparison.Ordinal
        );
        await app.RefuseAsync(HttpStatusCode.Forbidden, "forwarded", "GET", "/openapi/v1.json", null, (header, value));
        await app.RefuseAsync(HttpStatusCode.Forbidden, "forwarded", "GET", "/nothing", null, (header, value));
        await app.AskAsync(HttpStatusCode.OK, "GET", "/health/live", null, (header, value));
    }

    [Theory]
    [InlineData("cross-site", null, false)]
    [InlineData("same-site", null, false)]
    [InlineData("anything", null, false)]
    [InlineData(null, "https://evil.example", false)]
    [InlineData(null, "null", false)]
    [InlineData(null, "http://localhost:1234", false)]
    [InlineData("same-origin", "https://evil.example", false)]
    [InlineData("same-origin", "http://localhost", true)]
    [InlineData("none", null, true)]
    [InlineData("same-origin", null, true)]
    public async Task A_page_of_another_site_is_refused(string? site, string? origin, bool served)
    {
        List<(string, string)> headers = [];
        if (site is not null)
        {
            headers.Add(("Sec-Fetch-Site", site));
        }

        if (origin is not null)
        {
            headers.Add(("Origin", origin));
        }

        string id = $"c{Guid.NewGuid():N}";
        if (served)
        {
            await app.AskAsync(HttpStatusCode.Created, "PUT", id, "{}", [.. headers]);
        }
        else
        {
            await app.RefuseAsync(HttpStatusCode.Forbidden, "cross-site", "PUT", id, "{}", [.. headers]);
            await app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", id);
        }
    }

    [Fact]
    public async Task Two_authorization_headers_are_no_request_here_either() =>
        await app.RefuseAsync(
            HttpStatusCode.BadRequest,
            "invalid-request",
            "GET",
            "c",
            null,
            ("Authorization", "Bearer a"),
            ("Authorization", "Bearer b")
        );

    [Fact]
    public async Task Whoever_is_on_the_machine_may_do_everything_for_every_tenant()
    {
        await app.AskAsync(HttpStatusCode.OK, "PUT", "/v1/tenant", "{}");
        await app.AskAsync(HttpStatusCode.Created, "PUT", "c", """{"title":"t"}""", ("OrleansMemory-Tenant", "other"));
        await app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "c");
    }
}
