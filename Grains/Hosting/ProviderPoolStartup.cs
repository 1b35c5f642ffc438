using Microsoft.Extensions.Options;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Clustering;

namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// Closes the idle connections of Orleans' providers before the silo starts, because the server may have been restarted since an earlier
/// silo of this process used them, and after the silo has stopped.
/// </summary>
/// <param name="options">How we connect.</param>
internal sealed class ProviderPoolStartup(IOptions<PostgresStorageOptions> options) : IStartupStep
{
    public StartupStage Stage => StartupStage.Connections;

    public Task StartAsync(CancellationToken cancellationToken) => ProviderPool.ClearAsync(options.Value);

    public Task StopAsync(CancellationToken cancellationToken) => ProviderPool.ClearAsync(options.Value);
}
