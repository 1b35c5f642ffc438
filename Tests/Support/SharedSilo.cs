using System.Net.Http.Headers;
using OrleansMemory.Tests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedSilo))]

namespace OrleansMemory.Tests.Support;

/// <summary>One silo app for every test that is not about the app's own settings. It starts with the first request for a tenant.</summary>
public class SharedSilo : IAsyncDisposable
{
    /// <summary>The key of an operator of all tenants.</summary>
    public const string OperatorKey = "key-of-the-operator";

    private const int MostTenants = 1000;

    private readonly Lock _starting = new();
    private int _tenants;

    public SharedSilo()
    {
        App.With($"OrleansMemory:ApiKeys:{OperatorKey}:Role", "Operator");
        for (int tenant = 0; tenant < MostTenants; tenant++)
        {
            App.With($"OrleansMemory:ApiKeys:{KeyOf(tenant)}:Tenant", NameOf(tenant)).With($"OrleansMemory:ApiKeys:{KeyOf(tenant)}:Role", "TenantAdministrator");
        }
    }

    protected SiloApp App { get; } = new();

    /// <summary>A tenant that no other test has.</summary>
    public SiloTenant NewTenant()
    {
        int tenant = Interlocked.Increment(ref _tenants) - 1;
        Assert.True(tenant < MostTenants, $"There are keys for {MostTenants} tenants only.");
        lock (_starting)
        {
            HttpClient http = App.CreateClient();
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", KeyOf(tenant));
            return new SiloTenant(NameOf(tenant), KeyOf(tenant), http, App.Services);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static string NameOf(int tenant) => FormattableString.Invariant($"tenant-{tenant}");

    private static string KeyOf(int tenant) => FormattableString.Invariant($"key-of-tenant-{tenant:D4}");
}
