using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Npgsql;
using OrleansMemory.Grains.Hosting;

namespace OrleansMemory.Grains.Storage.Postgres.Clustering;

/// <summary>
/// Closes the idle connections of Orleans' providers. Their pool belongs to the process and outlives the silo: it is emptied before the silo starts, because the
/// server may have been restarted since an earlier silo of this process used it, and after the silo has stopped.
/// </summary>
/// <param name="options">How we connect.</param>
internal sealed class ProviderPool(IOptions<PostgresStorageOptions> options) : IStartupStep
{
    public StartupStage Stage => StartupStage.Connections;

    public Task StartAsync(CancellationToken cancellationToken) => ClearAsync();

    public Task StopAsync(CancellationToken cancellationToken) => ClearAsync();

    private async Task ClearAsync()
    {
        var connection = new NpgsqlConnection(ProviderConnection.Make(options.Value));
        await using ConfiguredAsyncDisposable _ = connection.ConfigureAwait(false);
        NpgsqlConnection.ClearPool(connection);
    }
}
