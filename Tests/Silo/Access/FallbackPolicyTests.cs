using System.Collections.Immutable;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Silo.Access;
using OrleansMemory.Tenants;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.Access;

/// <summary>What somebody maps and forgets to decide about.</summary>
public sealed class FallbackPolicyTests
{
    [Fact]
    public async Task It_is_for_operators()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        builder.Services.AddRouting().AddLogging().AddSingleton(TimeProvider.System).AddSingleton<ITenantKeyDirectory, NoKeys>();
        builder.Configuration["OrleansMemory:ApiKeys:key-of-the-administrator:Tenant"] = "t";
        builder.Configuration["OrleansMemory:ApiKeys:key-of-the-administrator:Role"] = "TenantAdministrator";
        builder.Configuration["OrleansMemory:ApiKeys:key-of-the-operator:Role"] = "Operator";
        builder.Services.AddAccess(builder.Configuration);
        await using WebApplication app = builder.Build();
        app.UseRouting().UseAuthentication().UseAuthorization().Use(CallerSetup.InvokeAsync);
        app.MapGet("/undecided", static (HttpContext context) => context.User.FindFirst(AccessClaims.Role)!.Value);
        await app.StartAsync();
        using HttpClient http = app.GetTestClient();

        await http.RefuseAsync(HttpStatusCode.Unauthorized, "key-missing", "GET", "/undecided");
        await http.RefuseAsync(
            HttpStatusCode.Forbidden,
            "role-too-low",
            "GET",
            "/undecided",
            null,
            ("Authorization", "Bearer key-of-the-administrator")
        );
        using HttpResponseMessage served = await http.SendAsync("GET", "/undecided", null, ("Authorization", "Bearer key-of-the-operator"));
        Assert.Equal("Operator", await served.Content.ReadAsStringAsync());
    }

    private sealed class NoKeys : ITenantKeyDirectory
    {
        public ImmutableArray<TenantApiKey> Find(string tenant) => [];

        public Task RefreshAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
    }
}
