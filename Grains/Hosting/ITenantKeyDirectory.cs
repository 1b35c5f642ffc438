using System.Collections.Immutable;
using OrleansMemory.Errors;
using OrleansMemory.Tenants;

namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// The API keys that tenants have set for themselves, of all tenants, in the memory of this silo: looking one up costs neither a call of a
/// grain nor a read of the store, whatever the tenant is called.
/// </summary>
/// <remarks>
/// It holds hashes, never keys. With PostgreSQL it knows what was stored at the last <see cref="RefreshAsync"/>, by whichever silo; with
/// another storage of grain states only what was set through this silo since it started.
/// </remarks>
public interface ITenantKeyDirectory
{
    /// <summary>The keys of a tenant.</summary>
    /// <param name="tenant">The tenant, or any other text.</param>
    /// <returns>Its keys, those that have expired included; none for a tenant that has set none.</returns>
    /// <exception cref="MemoryUnavailableException">The store has not been read yet.</exception>
    ImmutableArray<TenantApiKey> Find(string tenant);

    /// <summary>Reads the keys of all tenants, with one statement. Who wants them to be up to date calls it from time to time.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when they are read.</returns>
    /// <exception cref="MemoryUnavailableException">The store does not answer; what was known before holds.</exception>
    Task RefreshAsync(CancellationToken cancellationToken = default);
}
