using OrleansMemory.Errors;

namespace OrleansMemory.Tenants;

/// <summary>The settings of one tenant. The grain's key is <see cref="TenantKey.ToString"/>.</summary>
/// <remarks>
/// Silos keep what they read for a while: a change is seen everywhere within the age that they are configured with, 30 seconds by default.
/// </remarks>
[Alias("OrleansMemory.ITenantGrain")]
public interface ITenantGrain : IGrainWithStringKey
{
    /// <summary>Reads the settings.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The settings; <see cref="TenantSettings.Empty"/> before any were set.</returns>
    /// <exception cref="InvalidRequestException">The key is not valid.</exception>
    [Alias("Get")]
    Task<TenantSettings> GetAsync(CancellationToken cancellationToken = default);

    /// <summary>Sets all settings but the quotas, which stay. It may be called again with the same ones.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="cancellationToken">Ends the wait; the settings may have been set all the same.</param>
    /// <returns>The settings as they are kept.</returns>
    /// <exception cref="InvalidRequestException">The key or a setting is not valid.</exception>
    /// <exception cref="MemoryUnavailableException">The store does not answer; the settings may have been set all the same.</exception>
    [Alias("Set")]
    Task<TenantSettings> SetAsync(TenantSettings settings, CancellationToken cancellationToken = default);

    /// <summary>Sets all quotas. That is for operators; a tenant does not set its own. It may be called again with the same ones.</summary>
    /// <param name="quotas">The quotas.</param>
    /// <param name="cancellationToken">Ends the wait; the quotas may have been set all the same.</param>
    /// <returns>The settings as they are kept.</returns>
    /// <exception cref="InvalidRequestException">The key or a quota is not valid.</exception>
    /// <exception cref="MemoryUnavailableException">The store does not answer; the quotas may have been set all the same.</exception>
    [Alias("SetQuotas")]
    Task<TenantSettings> SetQuotasAsync(TenantQuotas quotas, CancellationToken cancellationToken = default);
}
