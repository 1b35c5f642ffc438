using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace OrleansMemory.Grains.Storage.Postgres.Cluster;

/// <summary>Closes what the providers leave open when the silo has stopped: their pool belongs to the process, and its connections may outlive the server.</summary>
/// <param name="options">How we connect.</param>
internal sealed class ProviderPool(IOptions<PostgresStorageOptions> options) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(ProviderConnection.Make(options.Value));
        await using var _ = connection.ConfigureAwait(false);
        NpgsqlConnection.ClearPool(connection);
    }
}
