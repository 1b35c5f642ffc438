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

    private readonly Lock _starting = new();
    private readonly int _mostTenants;
    private int _tenants;

    public SharedSilo()
        : this(1_200) { }

    /// <summary>
    /// A silo with so many tenants. The time that its host takes to be made goes by the square of their number: it looks through its
    /// settings for each of them.
    /// </summary>
    protected SharedSilo(int mostTenants)
    {
        _mostTenants = mostTenants;
        App.With($"OrleansMemory:ApiKeys:{OperatorKey}:Role", "Operator");
        for (int tenant = 0; tenant < _mostTenants; tenant++)
        {
            App.With($"OrleansMemory:ApiKeys:{KeyOf(tenant)}:Tenant", NameOf(tenant))
                .With($"OrleansMemory:ApiKeys:{KeyOf(tenant)}:Role", "TenantAdministrator");
        }
    }

    protected SiloApp App { get; } = new();

    /// <summary>A tenant that no other test has.</summary>
    public SiloTenant NewTenant()
    {
        int tenant = Interlocked.Increment(ref _tenants) - 1;
        Assert.True(tenant < _mostTenants, $"There are keys for {_mostTenants} tenants only.");
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
