using OrleansMemory.Errors;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Tenants;

namespace OrleansMemory.Grains.Hosting;

/// <summary>The settings of tenants, as this silo knows them.</summary>
public interface ITenantDirectory
{
    /// <summary>
    /// A tenant's settings, which were read no longer ago than <see cref="ConversationOptions.TenantSettingsAge"/>. While they cannot be
    /// read, what was known last holds.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="InvalidRequestException">It is not a tenant.</exception>
    /// <exception cref="MemoryUnavailableException">They cannot be read, and nothing is known yet.</exception>
    ValueTask<TenantSettings> GetAsync(string tenant, CancellationToken cancellationToken = default);

    /// <summary>Reads a tenant's settings now.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="InvalidRequestException">It is not a tenant.</exception>
    /// <exception cref="MemoryUnavailableException">They cannot be read.</exception>
    Task<TenantSettings> ReadAsync(string tenant, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sets all settings of a tenant but its quotas. This silo goes by them at once, the others within
    /// <see cref="ConversationOptions.TenantSettingsAge"/>.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="cancellationToken">Ends the wait; the settings may have been set all the same.</param>
    /// <returns>The settings as they are kept.</returns>
    /// <exception cref="InvalidRequestException">It is not a tenant, or a setting is not valid.</exception>
    /// <exception cref="MemoryUnavailableException">They could not be stored, or it is not known whether they were.</exception>
    Task<TenantSettings> SetAsync(string tenant, TenantSettings settings, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sets all quotas of a tenant: for operators. This silo goes by them at once, the others within
    /// <see cref="ConversationOptions.TenantSettingsAge"/>.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="quotas">The quotas.</param>
    /// <param name="cancellationToken">Ends the wait; the quotas may have been set all the same.</param>
    /// <returns>The settings as they are kept.</returns>
    /// <exception cref="InvalidRequestException">It is not a tenant, or a quota is not valid.</exception>
    /// <exception cref="MemoryUnavailableException">They could not be stored, or it is not known whether they were.</exception>
    Task<TenantSettings> SetQuotasAsync(string tenant, TenantQuotas quotas, CancellationToken cancellationToken = default);
}
