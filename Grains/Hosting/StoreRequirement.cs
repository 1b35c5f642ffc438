using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Hosting;

/// <summary>Fails the start when no store was chosen, naming the call that is missing.</summary>
/// <param name="services">What was registered.</param>
internal sealed class StoreRequirement(IServiceProviderIsService services) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => services.IsService(typeof(IConversationStore)) && services.IsService(typeof(IFactStore))
        ? Task.CompletedTask
        : throw new InvalidOperationException(
            "AddOrleansMemory() was called, but no store was chosen. Call UsePostgresStorage(...) or UseInMemoryStorage() on the silo builder.");

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
