using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using Xunit;

namespace OrleansMemory.Tests.Support;

/// <summary>The silo's web app, in this process and with the in-memory store unless told otherwise.</summary>
public class SiloApp : WebApplicationFactory<Program>
{
    // Several apps of one machine must not meet on the default ports.
    private readonly Dictionary<string, string?> _settings = new()
    {
        ["OrleansMemory:Store:Kind"] = "Memory",

        // A host that watches its settings' files keeps a thread for them.
        ["hostBuilder:reloadConfigOnChange"] = "false",

        // Each silo that measures counts what all silos of the process do, and dozens are alive at a time here.
        ["OrleansMemory:Metrics:Enabled"] = "false",
        ["OrleansMemory:Dashboard:Enabled"] = "false",
        ["OrleansMemory:Cluster:SiloPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
        ["OrleansMemory:Cluster:GatewayPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
    };

    private readonly List<Action<IServiceCollection>> _services = [];

    private ILoggerProvider? _logs;

    /// <summary>Sends requests without a key.</summary>
    public HttpClient Http => field ??= CreateClient();

    public SiloApp With(string setting, string? value)
    {
        _settings[setting] = value;
        return this;
    }

    /// <summary>
    /// With the metrics and the dashboard that a silo has by default. Instruments keep fewer series than by default: the 2,000 of each, of
    /// all silos of the process, would be 10 MB for every silo that starts.
    /// </summary>
    public SiloApp WithTelemetry() =>
        With("OrleansMemory:Metrics:Enabled", "true")
            .With("OrleansMemory:Dashboard:Enabled", "true")
            .With(static services =>
                services.ConfigureOpenTelemetryMeterProvider(static meters =>
                    meters.AddView(static _ => new MetricStreamConfiguration { CardinalityLimit = 200 })
                )
            );

    public SiloApp With(Action<IServiceCollection> configure)
    {
        _services.Add(configure);
        return this;
    }

    public SiloApp WithLogs(ILoggerProvider provider)
    {
        _logs = provider;
        return this;
    }

    public static StringContent Json(string json) => SiloRequests.Json(json);

    /// <inheritdoc cref="SiloRequests.SendAsync"/>
    public Task<HttpResponseMessage> SendAsync(
        string method,
        string path,
        string? json = null,
        params (string Name, string Value)[] headers
    ) => Http.SendAsync(method, path, json, headers);

    /// <inheritdoc cref="SiloRequests.AskAsync"/>
    public Task<JsonElement> AskAsync(
        HttpStatusCode status,
        string method,
        string path,
        string? json = null,
        params (string Name, string Value)[] headers
    ) => Http.AskAsync(status, method, path, json, headers);

    /// <inheritdoc cref="SiloRequests.RefuseAsync"/>
    public Task<JsonElement> RefuseAsync(
        HttpStatusCode status,
        string code,
        string method,
        string path,
        string? json = null,
        params (string Name, string Value)[] headers
    ) => Http.RefuseAsync(status, code, method, path, json, headers);

    public static async Task<JsonElement> ProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode} instead of {(int)status}: {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        JsonElement problem = JsonDocument.Parse(body).RootElement;
        Assert.Equal("urn:orleans-memory:problem:" + code, problem.GetProperty("type").GetString());
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty("title").GetString()));
        Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty("detail").GetString()));
        Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);
        return problem;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        foreach ((string name, string? value) in _settings)
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureLogging(logging =>
        {
            logging.ClearProviders();
            if (_logs is not null)
            {
                logging.AddProvider(_logs);
            }
        });
        builder.ConfigureTestServices(ManyHosts.Share);
        builder.ConfigureTestServices(services => _services.ForEach(configure => configure(services)));
    }
}
