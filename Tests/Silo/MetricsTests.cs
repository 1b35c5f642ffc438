using System.Net;
using OrleansMemory.Tests.Silo.Start;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

/// <summary>What <c>/metrics</c> says of a silo that works, and to whom.</summary>
public sealed class MetricsTests(ScrapedSilo silo) : IClassFixture<ScrapedSilo>
{
    private const string OperatorKey = "operator-key-of-these-tests";

    [Fact]
    public void No_label_holds_anything_that_a_caller_has_written()
    {
        Assert.DoesNotContain(ScrapedSilo.Marker, silo.Metrics, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Password", silo.Metrics, StringComparison.OrdinalIgnoreCase);
        Assert.All(
            silo.Samples["http_server_request_duration_seconds_count"],
            labels => Assert.True(!labels.TryGetValue("http_route", out string? route) || route.StartsWith('/'), string.Join(',', labels))
        );
    }

    [Theory]
    [InlineData("OrleansMemory", "orleans_memory_turns_committed_total")]
    [InlineData("OrleansMemory", "orleans_memory_commit_duration_seconds_count")]
    [InlineData("Microsoft.Orleans", "orleans_grains")]
    [InlineData("Npgsql", "db_client_operation_duration_seconds_count")]
    [InlineData("Microsoft.AspNetCore.Hosting", "http_server_request_duration_seconds_count")]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel", "kestrel_active_connections")]
    [InlineData("System.Runtime", "dotnet_process_memory_working_set_bytes")]
    public void Our_instruments_stand_beside_those_of_what_we_stand_on(string meter, string metric) =>
        Assert.Contains(silo.Samples[metric], labels => labels["otel_scope_name"] == meter);

    [Fact]
    public void What_has_not_happened_yet_is_there_with_zero() =>
        Assert.All(
            new[]
            {
                "orleans_memory_turns_refused_total",
                "orleans_memory_turns_lost_total",
                "orleans_memory_extraction_failures_total",
                "orleans_memory_feed_readers",
            },
            name => Assert.Contains(name + "{otel_scope_name=\"OrleansMemory\"} 0", silo.Metrics, StringComparison.Ordinal)
        );

    [Fact]
    public void Our_pools_have_names_of_their_own() =>
        Assert.Superset(
            new HashSet<string> { "orleans-memory reads", "orleans-memory commits" },
            silo.Samples["db_client_connection_max"].Select(labels => labels["db_client_connection_pool_name"]).ToHashSet()
        );

    [Fact]
    public async Task Where_metrics_are_off_there_is_no_route()
    {
        await using SiloApp app = new SiloApp()
            .With("OrleansMemory:Metrics:Enabled", "false")
            .With("OrleansMemory:Metrics:Address", "http://127.0.0.1:1");
        await app.RefuseAsync(HttpStatusCode.NotFound, "route-not-found", "GET", "/metrics");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("http://127.0.0.1:9464/below")]
    [InlineData("http://unix:/tmp/metrics.sock")]
    public async Task A_wrong_address_for_scrapers_ends_the_start(string address)
    {
        await using SiloRun run = SiloRun.Start(("OrleansMemory:Store:Kind", "Memory"), ("OrleansMemory:Metrics:Address", address));
        Assert.Equal(1, await run.EndAsync());
        Assert.Equal(
            ["OrleansMemory does not start: OrleansMemory:Metrics:Address must be an address with a port, such as http://0.0.0.0:9464."],
            run.Errors
        );
    }

    [Fact]
    public async Task Scrapers_have_an_address_of_their_own_that_serves_nothing_else()
    {
        var scrapers = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        await using SiloRun run = SiloRun.Start(
            ("OrleansMemory:Store:Kind", "Memory"),
            ("OrleansMemory:ApiKeys:0:Key", OperatorKey),
            ("OrleansMemory:ApiKeys:0:Tenant", "t"),
            ("OrleansMemory:Metrics:Address", scrapers.ToString().TrimEnd('/'))
        );
        await run.ReadyAsync();
        using var http = new HttpClient();
        Assert.Contains(
            "orleans_memory_turns_committed_total",
            await http.GetStringAsync(new Uri(scrapers, "/metrics")),
            StringComparison.Ordinal
        );
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(run.Address, "/metrics"));
        foreach (string path in new[] { "/", "/health/live", "/v1/conversations/c", "/dashboard/", "/openapi/v1.json" })
        {
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(scrapers, path));
        }

        async Task<HttpStatusCode> StatusAsync(Uri address, string path)
        {
            using HttpResponseMessage response = await http.GetAsync(new Uri(address, path));
            return response.StatusCode;
        }
    }
}
