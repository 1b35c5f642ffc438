using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace OrleansMemory.Grains.Storage.Postgres.Clustering;

/// <summary>
/// Closes what the providers left open: before this silo starts, in case another one of this process did and the server has been restarted since, and when it has
/// stopped. Their pool belongs to the process.
/// </summary>
/// <param name="options">How we connect.</param>
internal sealed class ProviderPool(IOptions<PostgresStorageOptions> options) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => ClearAsync();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => ClearAsync();

    private async Task ClearAsync()
    {
        var connection = new NpgsqlConnection(ProviderConnection.Make(options.Value));
        await using var _ = connection.ConfigureAwait(false);
        NpgsqlConnection.ClearPool(connection);
    }
}
