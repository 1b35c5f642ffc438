using Microsoft.Extensions.DependencyInjection;

namespace OrleansMemory.Grains.Hosting;

/// <summary>Fails the start of a silo that should join a cluster in PostgreSQL but keeps conversations elsewhere.</summary>
/// <param name="services">What was registered.</param>
internal sealed class ClusterStoreRequirement(IServiceProviderIsService services) : IConfigurationValidator
{
    public void ValidateConfiguration()
    {
        if (!services.IsService(typeof(PostgresStoreLifetime)))
        {
            throw new InvalidOperationException(
                "UsePostgresClustering() was called, but conversations are not kept in PostgreSQL. Call UsePostgresStorage(...) on the silo builder.");
        }
    }
}
