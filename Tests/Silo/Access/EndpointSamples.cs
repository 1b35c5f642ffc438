using System.Collections.Immutable;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Tests.Client.Compatibility.AutoGrams;

namespace OrleansMemory.Tests.Silo.Access;

/// <summary>A request that a route answers well, about what belongs to somebody.</summary>
/// <param name="Path">The path with its query.</param>
/// <param name="Body">The body; <see langword="null"/> for none.</param>
/// <param name="User">The user whom a header names; <see langword="null"/> for none.</param>
internal sealed record EndpointSample(string Path, string? Body = null, string ContentType = "application/json", string? User = null);

/// <summary>What there is of an owner, so that every route has something to be asked about.</summary>
/// <param name="User">The user; <see langword="null"/> for what belongs to no one.</param>
/// <param name="Conversation">A conversation with a turn <c>t</c>, a message <c>m</c>, an entry, a global, a working memory.</param>
/// <param name="Program">A conversation with a program's memory.</param>
internal sealed record EndpointOwner(string? User, string Conversation, string Program, string Memory);

/// <summary>
/// For each route that asks who the caller is: a request that works for the owner. A route that is added has to be added here.
/// </summary>
internal static class EndpointSamples
{
    private const string C = "/v1/conversations/{id}";

    private const string OpenAi = "/openai/v1/conversations";

    private const string NothingExported = """
        {"export":{"format":"orleans-memory.user","formatVersion":1,"userId":"somebody"}}
        {"end":{"conversations":0,"messages":0,"entries":0,"memories":0,"skipped":0}}
        """;

    /// <summary>The route of MCP, which answers within the protocol what other routes answer by their status.</summary>
    public const string Mcp = "POST /mcp";

    /// <summary>What every text of an owner begins with.</summary>
    public const string Mark = "marked";

    /// <summary>The requests, by method and route.</summary>
    public static readonly ImmutableSortedDictionary<string, Func<EndpointOwner, EndpointSample>> All = new Dictionary<
        string,
        Func<EndpointOwner, EndpointSample>
    >
    {
        [$"PUT {C}"] = static owner => new(Of(owner), """{"title":"changed"}"""),
        [$"PATCH {C}"] = static owner => new(Of(owner), """{"title":"changed"}"""),
        [$"GET {C}"] = static owner => new(Of(owner)),
        [$"DELETE {C}"] = static owner => new(Of(owner)),
        [$"POST {C}/turns"] = static owner =>
            new(Of(owner, "/turns"), """{"turnId":"added","messages":[{"role":"user","content":"x"}],"globals":{"g":2}}"""),
        [$"GET {C}/turns/{{turnId}}/messages"] = static owner => new(Of(owner, "/turns/t/messages")),
        [$"POST {C}/messages"] = static owner => new(Of(owner, "/messages"), """{"role":"user","content":"x"}"""),
        [$"GET {C}/messages"] = static owner => new(Of(owner, "/messages?limit=5")),
        [$"DELETE {C}/messages"] = static owner => new(Of(owner, "/messages")),
        [$"POST {C}/messages/truncate"] = static owner => new(Of(owner, "/messages/truncate"), """{"keepLast":0}"""),
        [$"GET {C}/window"] = static owner => new(Of(owner, "/window")),
        [$"GET {C}/events"] = static owner => new(Of(owner, "/events?after=0")),
        [$"GET {C}/entries"] = static owner => new(Of(owner, "/entries")),
        [$"GET {C}/entries/{{namespace}}"] = static owner => new(Of(owner, "/entries/n")),
        [$"GET {C}/entries/{{namespace}}/{{key}}"] = static owner => new(Of(owner, "/entries/n/k")),
        [$"PUT {C}/entries/{{namespace}}/{{key}}"] = static owner => new(Of(owner, "/entries/n/k"), "2"),
        [$"DELETE {C}/entries/{{namespace}}/{{key}}"] = static owner => new(Of(owner, "/entries/n/k")),
        [$"GET {C}/working-memory"] = static owner => new(Of(owner, "/working-memory")),
        [$"PUT {C}/working-memory/{{type}}"] = static owner => new(Of(owner, "/working-memory/WORKING_MEMORY"), """{"text":"x"}"""),
        [$"GET {C}/working-memory/{{type}}"] = static owner => new(Of(owner, "/working-memory/WORKING_MEMORY")),
        [$"PATCH {C}/working-memory/{{type}}"] = static owner => new(Of(owner, "/working-memory/WORKING_MEMORY"), """{"text":"x"}"""),
        [$"DELETE {C}/working-memory/{{type}}"] = static owner => new(Of(owner, "/working-memory/WORKING_MEMORY")),
        [$"GET {C}/globals"] = static owner => new(Of(owner, "/globals")),
        [$"PATCH {C}/globals"] = static owner => new(Of(owner, "/globals"), """{"g":2}"""),
        [$"GET {C}/memory-object"] = static owner => new($"/v1/conversations/{owner.Program}/memory-object?format=json"),
        [$"PUT {C}/memory-object"] = static owner => new($"/v1/conversations/{owner.Program}/memory-object?format=json", Documents.Paused),
        [$"POST {C}/fork"] = static owner => new(Of(owner, "/fork"), $$"""{"newId":"fork-{{Guid.NewGuid():N}}"}"""),
        [$"GET {C}/export"] = static owner => new(Of(owner, "/export")),
        [$"POST {C}/import"] = static owner => new(Of(owner, "/import"), ""),
        [$"GET {C}/search"] = static owner => new(Of(owner, $"/search?q={Mark}")),
        ["GET /v1/conversations"] = static owner => new($"/v1/conversations{Query("userId", owner)}"),
        ["GET /v1/search"] = static owner => new($"/v1/search?q={Mark}{Query("userId", owner).Replace('?', '&')}"),
        ["POST /v1/memories"] = static owner => new("/v1/memories", $$"""{"session":"s",{{Field(owner)}}"contents":["more"]}"""),
        ["GET /v1/memories"] = static owner => new($"/v1/memories{Query("user", owner)}"),
        ["POST /v1/memories/search"] = static owner =>
            new("/v1/memories/search", $$"""{"session":"s",{{Field(owner)}}"query":"{{Mark}}"}"""),
        ["GET /v1/memories/{id}"] = static owner => new($"/v1/memories/{owner.Memory}"),
        ["PATCH /v1/memories/{id}"] = static owner => new($"/v1/memories/{owner.Memory}", """{"text":"changed"}"""),
        ["DELETE /v1/memories/{id}"] = static owner => new($"/v1/memories/{owner.Memory}"),
        ["GET /v1/memories/{id}/history"] = static owner => new($"/v1/memories/{owner.Memory}/history"),
        ["DELETE /v1/users/{userId}"] = static owner => new($"/v1/users/{owner.User ?? "nobody"}"),
        ["GET /v1/users/{userId}/export"] = static owner => new($"/v1/users/{owner.User ?? "nobody"}/export"),
        ["POST /v1/users/{userId}/import"] = static owner =>
            new($"/v1/users/{owner.User ?? "nobody"}/import", NothingExported, "application/x-ndjson"),
        ["GET /v1/usage"] = static _ => new("/v1/usage"),
        ["GET /v1/usage/days"] = static _ => new("/v1/usage/days"),
        ["GET /v1/usage/conversations"] = static _ => new("/v1/usage/conversations"),
        ["GET /v1/usage/users"] = static _ => new("/v1/usage/users"),
        ["GET /v1/audit"] = static _ => new("/v1/audit"),
        ["GET /v1/silos"] = static _ => new("/v1/silos"),
        ["GET /v1/caller"] = static _ => new("/v1/caller"),
        ["GET /v1/tenants"] = static _ => new("/v1/tenants"),
        ["GET /v1/tenants/{tenant}/quotas"] = static _ => new("/v1/tenants/any/quotas"),
        ["PUT /v1/tenants/{tenant}/quotas"] = static _ => new("/v1/tenants/any/quotas", "{}"),
        ["GET /v1/tenant"] = static _ => new("/v1/tenant"),
        ["PUT /v1/tenant"] = static _ => new("/v1/tenant", "{}"),
        [$"POST {OpenAi}"] = static owner => new(OpenAi, """{"items":[{"role":"user","content":"x"}]}""", User: owner.User),
        [$"GET {OpenAi}/{{id}}"] = static owner => new(OfOpenAi(owner)),
        [$"POST {OpenAi}/{{id}}"] = static owner => new(OfOpenAi(owner), """{"metadata":{"k":"v"}}"""),
        [$"DELETE {OpenAi}/{{id}}"] = static owner => new(OfOpenAi(owner)),
        [$"POST {OpenAi}/{{id}}/items"] = static owner => new(OfOpenAi(owner, "/items"), """{"items":[{"role":"user","content":"x"}]}"""),
        [$"GET {OpenAi}/{{id}}/items"] = static owner => new(OfOpenAi(owner, "/items")),
        [$"GET {OpenAi}/{{id}}/items/{{itemId}}"] = static owner => new(OfOpenAi(owner, "/items/m")),
        [$"DELETE {OpenAi}/{{id}}/items/{{itemId}}"] = static owner => new(OfOpenAi(owner, "/items/m")),
        [Mcp] = static _ => new("/mcp", """{"jsonrpc":"2.0","id":1,"method":"tools/list"}"""),
        ["GET /openapi/v1.json"] = static _ => new("/openapi/v1.json"),
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>The routes of an app that serve callers: method, pattern, endpoint.</summary>
    public static IEnumerable<(string Method, string Pattern, RouteEndpoint Endpoint)> Of(IServiceProvider services) =>
        Routes(services).Where(static route => !IsForOperators(route.Pattern) && !IsDescription(route.Pattern));

    /// <summary>The routes that describe the API to people.</summary>
    public static IEnumerable<(string Method, string Pattern, RouteEndpoint Endpoint)> OfDescription(IServiceProvider services) =>
        Routes(services).Where(static route => IsDescription(route.Pattern));

    /// <summary>The routes by which operators look at a silo: metrics, the dashboard with all that belongs to it.</summary>
    public static IEnumerable<(string Method, string Pattern, RouteEndpoint Endpoint)> OfOperators(IServiceProvider services) =>
        Routes(services).Where(static route => IsForOperators(route.Pattern));

    private static bool IsDescription(string pattern) =>
        pattern == "/" || pattern.StartsWith("/docs", StringComparison.Ordinal) || pattern.StartsWith("/console", StringComparison.Ordinal);

    private static bool IsForOperators(string pattern) =>
        pattern.StartsWith("/metrics", StringComparison.Ordinal) || pattern.StartsWith("/dashboard", StringComparison.Ordinal);

    private static IEnumerable<(string Method, string Pattern, RouteEndpoint Endpoint)> Routes(IServiceProvider services) =>
        services
            .GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .SelectMany(static endpoint =>
                (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["ANY"]).Select(method =>
                    (method, "/" + endpoint.RoutePattern.RawText!.Trim('/'), endpoint)
                )
            );

    private static string Of(EndpointOwner owner, string rest = "") => $"/v1/conversations/{owner.Conversation}{rest}";

    private static string OfOpenAi(EndpointOwner owner, string rest = "") => $"{OpenAi}/{owner.Conversation}{rest}";

    private static string Query(string name, EndpointOwner owner) => owner.User is null ? "" : $"?{name}={owner.User}";

    private static string Field(EndpointOwner owner) => owner.User is null ? "" : $"\"user\":\"{owner.User}\",";
}
