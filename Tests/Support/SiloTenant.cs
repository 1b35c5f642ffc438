using System.Net;
using System.Text.Json;

namespace OrleansMemory.Tests.Support;

/// <summary>
/// A tenant of one test, in a silo app that other tests use as well: its conversations, users and memories are its own, whatever they are
/// called.
/// </summary>
public sealed class SiloTenant
{
    internal SiloTenant(string name, string key, HttpClient http, IServiceProvider services) =>
        (Name, Key, Http, Services) = (name, key, http, services);

    public string Name { get; }

    public string Key { get; }

    /// <summary>Sends the tenant's key with every request that does not bring another one.</summary>
    public HttpClient Http { get; }

    /// <summary>The services of the app.</summary>
    public IServiceProvider Services { get; }

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
}
