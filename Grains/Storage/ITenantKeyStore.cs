using OrleansMemory.Errors;
using OrleansMemory.Tenants;

namespace OrleansMemory.Grains.Storage;

/// <summary>
/// Reads which tenants have keys, from a store that keeps the states of tenants where all can be asked for at once. A store that does not
/// is not registered as one.
/// </summary>
internal interface ITenantKeyStore
{
    /// <summary>Reads the settings of every tenant that has set keys.</summary>
    /// <exception cref="MemoryUnavailableException">The store does not answer.</exception>
    Task<List<(string Tenant, TenantSettings Settings)>> ReadAsync(CancellationToken cancellationToken);
}
