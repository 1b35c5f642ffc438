using OrleansMemory.Grains.Conversations;
using OrleansMemory.Tenants;

namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// Reads and sets the settings of tenants through their grains; what is answered holds for this silo's conversations at once.
/// </summary>
/// <param name="grains">Where tenants' grains are reached.</param>
/// <param name="policies">What this silo knows of tenants.</param>
/// <param name="keys">Is told of the keys that are set here.</param>
internal sealed class TenantDirectory(IGrainFactory grains, TenantPolicies policies, TenantKeyDirectory keys) : ITenantDirectory
{
    /// <inheritdoc />
    public ValueTask<TenantSettings> GetAsync(string tenant, CancellationToken cancellationToken = default)
    {
        return policies.TryGet(tenant, out TenantPolicy? policy)
            ? ValueTask.FromResult(policy.Settings)
            : new ValueTask<TenantSettings>(SettingsAsync());

        async Task<TenantSettings> SettingsAsync() =>
            (await policies.GetPolicyAsync(tenant, cancellationToken).ConfigureAwait(false)).Settings;
    }

    /// <inheritdoc />
    public async Task<TenantSettings> ReadAsync(string tenant, CancellationToken cancellationToken = default)
    {
        ITenantGrain grain = Grain(tenant);
        return (await policies.LearnAsync(tenant, () => grain.GetAsync(cancellationToken)).ConfigureAwait(false)).Settings;
    }

    /// <inheritdoc />
    public async Task<TenantSettings> SetAsync(string tenant, TenantSettings settings, CancellationToken cancellationToken = default)
    {
        ITenantGrain grain = Grain(tenant);
        TenantSettings kept = (
            await policies.LearnAsync(tenant, () => grain.SetAsync(settings, cancellationToken)).ConfigureAwait(false)
        ).Settings;
        keys.Learn(tenant, kept);
        return kept;
    }

    /// <inheritdoc />
    public async Task<TenantSettings> SetQuotasAsync(string tenant, TenantQuotas quotas, CancellationToken cancellationToken = default)
    {
        ITenantGrain grain = Grain(tenant);
        return (await policies.LearnAsync(tenant, () => grain.SetQuotasAsync(quotas, cancellationToken)).ConfigureAwait(false)).Settings;
    }

    private ITenantGrain Grain(string tenant) => grains.GetGrain<ITenantGrain>(TenantKey.Create(tenant).ToString());
}
