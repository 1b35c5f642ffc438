using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace OrleansMemory.Tests.Support;

/// <summary>The silo's web app, in this process and with the in-memory store unless told otherwise.</summary>
public class SiloApp : WebApplicationFactory<Program>
{
    // The ports are for the cluster's build: several apps of one machine must not meet on its defaults.
    private readonly Dictionary<string, string?> _settings = new()
    {
        ["OrleansMemory:Store:Kind"] = "Memory",
        ["OrleansMemory:Cluster:SiloPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
        ["OrleansMemory:Cluster:GatewayPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
    };

    private readonly List<Action<IServiceCollection>> _services = [];

    private ILoggerProvider? _logs;

    /// <summary>Requests of nobody in particular.</summary>
    public HttpClient Http => field ??= CreateClient();

    public SiloApp With(string setting, string? value)
    {
        _settings[setting] = value;
        return this;
    }

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

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    /// <summary>Sends a request.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path, from /v1/conversations/ on unless it starts with a slash.</param>
    /// <param name="json">The body.</param>
    /// <param name="headers">Headers.</param>
    public Task<HttpResponseMessage> SendAsync(string method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path.StartsWith('/') ? path : "/v1/conversations/" + path)
        {
            Content = json is null ? null : Json(json),
        };
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return Http.SendAsync(request);
    }

    /// <summary>Sends a request that must be answered with a status, and reads the answer.</summary>
    public async Task<JsonElement> AskAsync(
        HttpStatusCode status, string method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        using HttpResponseMessage response = await SendAsync(method, path, json, headers);
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode} instead of {(int)status}: {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    /// <summary>Sends a request that must be refused, and checks the problem's shape.</summary>
    public async Task<JsonElement> RefuseAsync(
        HttpStatusCode status, string code, string method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        using HttpResponseMessage response = await SendAsync(method, path, json, headers);
        return await ProblemAsync(response, status, code);
    }

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
        builder.ConfigureTestServices(services => _services.ForEach(configure => configure(services)));
    }
}
