using System.Net;
using System.Net.Http.Headers;
using System.Text;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

/// <summary>The dashboard of Orleans: for operators, without grains' keys, states and logs.</summary>
public sealed class GrainDashboardTests
{
    private const string OperatorKey = "key-of-an-operator-here";
    private const string WriterKey = "key-of-a-writer-over-here";

    private static readonly string[] Paths =
    [
        "/dashboard",
        "/dashboard/",
        "/dashboard/index.min.js",
        "/dashboard/index.css",
        "/dashboard/DashboardCounters?exclude=x",
        "/dashboard/ClusterStats",
        "/dashboard/Reminders",
        "/dashboard/TopGrainMethods?exclude=x",
        "/dashboard/GrainState?grainId=x&grainType=y",
        "/dashboard/GrainTypes?exclude=x",
        "/dashboard/Trace",
        "/dashboard/version",
        "/metrics",
    ];

    [Fact]
    public async Task Nobody_but_an_operator_sees_any_of_it()
    {
        await using SiloApp app = WithKeys();
        foreach (string path in Paths)
        {
            await app.RefuseAsync(HttpStatusCode.Unauthorized, "key-missing", "GET", path);
            using HttpResponseMessage writer = await app.SendAsync("GET", path, null, ("Authorization", "Bearer " + WriterKey));
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, writer.StatusCode));
        }

        using HttpResponseMessage metrics = await app.SendAsync("GET", "/metrics", null, ("Authorization", "Bearer " + OperatorKey));
        Assert.Equal(HttpStatusCode.OK, metrics.StatusCode);
    }

    [Fact]
    public async Task A_browser_is_asked_for_the_key_and_may_send_it_as_a_password()
    {
        await using SiloApp app = WithKeys();
        using HttpResponseMessage asked = await app.SendAsync("GET", "/dashboard/");
        Assert.StartsWith("Basic realm=", asked.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/dashboard/", OperatorKey));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/dashboard/", WriterKey));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/v1/tenant", OperatorKey));

        async Task<HttpStatusCode> StatusAsync(string path, string password)
        {
            string basic = new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes("anybody:" + password))
            ).ToString();
            using HttpResponseMessage response = await app.SendAsync("GET", path, null, ("Authorization", basic));
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task It_shows_silos_and_methods_but_no_grain_and_no_log()
    {
        await using SiloApp app = new SiloApp().WithTelemetry();
        await app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            "MARKER/turns",
            """{"turnId":"MARKER","messages":[{"role":"user","content":"MARKER"}],"settings":{"userId":"MARKER"}}"""
        );
        using HttpResponseMessage page = await app.SendAsync("GET", "/dashboard/");
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        string policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src 'self' 'unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await app.AskAsync(HttpStatusCode.OK, "GET", "/dashboard/ClusterStats");
        await app.AskAsync(HttpStatusCode.OK, "GET", "/dashboard/Reminders");
        await app.RefuseAsync(
            HttpStatusCode.NotFound,
            "route-not-found",
            "GET",
            "/dashboard/GrainState?grainId=default/MARKER&grainType=OrleansMemory.Grains.Conversations.ConversationGrain"
        );
        await app.RefuseAsync(
            HttpStatusCode.NotFound,
            "route-not-found",
            "GET",
            "/dashboard/grainstate/?grainId=default/MARKER&grainType=OrleansMemory.Grains.Conversations.ConversationGrain"
        );
        await app.RefuseAsync(HttpStatusCode.NotFound, "route-not-found", "GET", "/dashboard/Trace");
        foreach (string path in Paths)
        {
            using HttpResponseMessage response = await app.SendAsync("GET", path);
            Assert.DoesNotContain("MARKER", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task It_may_be_off()
    {
        await using SiloApp app = new SiloApp().With("OrleansMemory:Dashboard:Enabled", "false");
        await app.RefuseAsync(HttpStatusCode.NotFound, "route-not-found", "GET", "/dashboard/");
    }

    private static SiloApp WithKeys() =>
        new SiloApp()
            .WithTelemetry()
            .With("OrleansMemory:ApiKeys:0:Key", OperatorKey)
            .With("OrleansMemory:ApiKeys:0:Role", "Operator")
            .With("OrleansMemory:ApiKeys:1:Key", WriterKey)
            .With("OrleansMemory:ApiKeys:1:Tenant", "t");
}
