using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using OrleansMemory.Silo.Access;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.Access;

/// <summary>Who may call which route. A route that is added without a decision fails here.</summary>
public sealed class EndpointRoleTests(EndpointRoleTests.App app) : IClassFixture<EndpointRoleTests.App>
{
    private const string Anybody = "anybody";
    private const string Reader = "Reader";
    private const string Writer = "Writer";
    private const string Administrator = "TenantAdministrator";
    private const string Operator = "Operator";

    private static readonly string[] Roles = [Reader, Writer, Administrator, Operator];

    /// <summary>What is not a matter of the method: GET is for readers, everything else for writers.</summary>
    private static readonly ImmutableDictionary<string, string> Decided = new Dictionary<string, string>
    {
        ["POST /v1/memories/search"] = Reader,

        // Its tools that write are for writers: see McpAccessTests.
        ["POST /mcp"] = Reader,
        ["GET /v1/tenant"] = Administrator,
        ["PUT /v1/tenant"] = Administrator,
        ["GET /v1/usage"] = Administrator,
        ["GET /v1/usage/days"] = Administrator,
        ["GET /v1/usage/conversations"] = Administrator,
        ["GET /v1/usage/users"] = Administrator,
        ["GET /v1/audit"] = Administrator,
        ["GET /v1/silos"] = Operator,
        ["GET /v1/tenants"] = Operator,
        ["GET /v1/tenants/{tenant}/quotas"] = Operator,
        ["PUT /v1/tenants/{tenant}/quotas"] = Operator,
        ["GET /health/live"] = Anybody,
        ["GET /health/ready"] = Anybody,
        ["GET /openapi/v1.json"] = Anybody,
    }.ToImmutableDictionary();

    [Fact]
    public void Every_route_is_known_here()
    {
        IEnumerable<string> known = EndpointSamples.All.Keys.Concat(["GET /health/live", "GET /health/ready"]);

        Assert.Equal(
            known.Order(StringComparer.Ordinal),
            EndpointSamples.Of(app.Services).Select(route => $"{route.Method} {route.Pattern}").Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Every_route_says_itself_who_may_call_it() =>
        Assert.All(
            EndpointSamples.Of(app.Services),
            route =>
                Assert.True(
                    route.Endpoint.Metadata.OfType<IAuthorizeData>().Any(asked => asked.Policy is not null)
                        || route.Endpoint.Metadata.OfType<IAllowAnonymous>().Any(),
                    route.Pattern
                )
        );

    [Fact]
    public void What_operators_look_at_a_silo_by_is_for_operators()
    {
        Assert.Contains(EndpointSamples.OfOperators(app.Services), route => route.Pattern == "/metrics");
        Assert.Contains(
            EndpointSamples.OfOperators(app.Services),
            route => route.Pattern.StartsWith("/dashboard", StringComparison.Ordinal)
        );
        Assert.All(
            EndpointSamples.OfOperators(app.Services),
            route => Assert.Contains(route.Endpoint.Metadata.OfType<IAuthorizeData>(), asked => asked.Policy == AccessPolicies.Operator)
        );
    }

    [Fact]
    public void What_describes_the_API_is_for_whom_the_document_is_for()
    {
        Assert.NotEmpty(EndpointSamples.OfDescription(app.Services));
        Assert.All(
            EndpointSamples.OfDescription(app.Services),
            route => Assert.Contains(route.Endpoint.Metadata.OfType<IAuthorizeData>(), asked => asked.Policy == AccessPolicies.Description)
        );
    }

    [Fact]
    public async Task Each_role_is_let_in_by_the_routes_that_are_for_it_and_by_no_other()
    {
        foreach ((string method, string pattern, _) in EndpointSamples.Of(app.Services))
        {
            string least = Decided.GetValueOrDefault($"{method} {pattern}") ?? (method == "GET" ? Reader : Writer);
            string path = pattern
                .Replace("{id}", $"role-{Guid.NewGuid():N}", StringComparison.Ordinal)
                .Replace("{type}", "WORKING_MEMORY", StringComparison.Ordinal);
            Assert.Equal(least == Anybody ? null : "key-missing", await RefusalAsync(method, path, null));
            foreach (string role in Roles)
            {
                bool isLetIn = least == Anybody || Array.IndexOf(Roles, role) >= Array.IndexOf(Roles, least);
                Assert.True((await RefusalAsync(method, path, role) is null) == isLetIn, $"{role}: {method} {pattern}");
                if (!isLetIn)
                {
                    Assert.Equal($"role-too-low {least}", await RefusalAsync(method, path, role));
                }

                // What is GET is HEAD as well, and for the same.
                if (method == "GET")
                {
                    using HttpResponseMessage head = await app.SendAsync("HEAD", path, null, Key(role));
                    Assert.True((head.StatusCode != HttpStatusCode.Forbidden) == isLetIn, $"{role}: HEAD {pattern}");
                }
            }
        }
    }

    [Theory]
    [InlineData("GET", "/v1/nothing", HttpStatusCode.NotFound, "route-not-found")]
    [InlineData("POST", "/v1/tenant", HttpStatusCode.MethodNotAllowed, "method-not-allowed")]
    public async Task What_is_no_route_is_told_to_holders_of_a_key_alone(string method, string path, HttpStatusCode status, string code)
    {
        await app.RefuseAsync(HttpStatusCode.Unauthorized, "key-missing", method, path);
        await app.RefuseAsync(status, code, method, path, null, Key(Reader));
    }

    [Fact]
    public async Task An_operator_acts_on_the_tenant_that_it_names_and_nobody_else_names_one()
    {
        await app.AskAsync(HttpStatusCode.Created, "PUT", "named", """{"title":"t"}""", Key(Operator), Tenant("other"));

        await app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "named", null, Key(Operator), Tenant("mine"));
        await app.AskAsync(HttpStatusCode.OK, "GET", "named", null, Key(Operator), Tenant("other"));
        Assert.Contains(
            "OrleansMemory-Tenant",
            (await app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "GET", "named", null, Key(Operator)))
                .GetProperty("detail")
                .GetString(),
            StringComparison.Ordinal
        );
        await app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "GET", "named", null, Key(Operator), Tenant("no/tenant"));
        await app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "GET", "named", null, Key(Operator), Tenant("a"), Tenant("b"));
        foreach (string role in Roles.Except([Operator]))
        {
            await app.RefuseAsync(HttpStatusCode.Forbidden, "tenant-not-yours", "GET", "named", null, Key(role), Tenant("other"));
            await app.RefuseAsync(HttpStatusCode.Forbidden, "tenant-not-yours", "GET", "named", null, Key(role), Tenant("mine"));
        }
    }

    private static (string, string) Tenant(string name) => ("OrleansMemory-Tenant", name);

    private static (string, string) Key(string role) => ("Authorization", "Bearer " + App.KeyOf(role));

    /// <summary>How a caller is refused; <see langword="null"/> when it is let in, whatever comes of it.</summary>
    private async Task<string?> RefusalAsync(string method, string path, string? role)
    {
        (string, string)[] headers =
            role is null ? []
            : role == Operator ? [Key(role), Tenant("mine")]
            : [Key(role)];
        using HttpResponseMessage response = await app.SendAsync(method, path, null, headers);
        if (response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
        {
            return null;
        }

        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        if (problem.RootElement.TryGetProperty("error", out JsonElement error))
        {
            // OpenAI's shape has no field for the role: the message names it.
            string? named = Array.Find(
                Roles,
                role => error.GetProperty("message").GetString()!.Contains($" {role} ", StringComparison.Ordinal)
            );
            return named is null ? error.GetProperty("code").GetString() : $"{error.GetProperty("code").GetString()} {named}";
        }

        string code = problem.RootElement.GetProperty("code").GetString()!;
        return problem.RootElement.TryGetProperty("role", out JsonElement least) ? $"{code} {least.GetString()}" : code;
    }

    public sealed class App : SiloApp
    {
        public App()
        {
            WithTelemetry();
            for (int i = 0; i < Roles.Length; i++)
            {
                With($"OrleansMemory:ApiKeys:{i}:Key", KeyOf(Roles[i])).With($"OrleansMemory:ApiKeys:{i}:Role", Roles[i]);
                if (Roles[i] != Operator)
                {
                    With($"OrleansMemory:ApiKeys:{i}:Tenant", "mine");
                }
            }
        }

        public static string KeyOf(string role) => $"key-of-the-{role}";
    }
}
