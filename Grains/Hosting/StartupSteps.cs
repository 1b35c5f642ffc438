using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// Runs the steps of a silo's start by their stages. Hosted services of their own would run in the order of the application's calls, or at
/// once with <see cref="HostOptions.ServicesStartConcurrently"/>, and membership would be read before the store is open.
/// </summary>
/// <param name="services">Gives the steps once the registration was found to be complete.</param>
internal sealed class StartupSteps(IServiceProvider services) : IHostedLifecycleService
{
    private IStartupStep[] _steps = [];

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        _steps = [.. services.GetServices<IStartupStep>().OrderBy(step => step.Stage)];
        foreach (IStartupStep step in _steps)
        {
            await step.StartAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        foreach (IStartupStep step in _steps.Reverse())
        {
            await step.StopAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
