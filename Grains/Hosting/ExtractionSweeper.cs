using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Memories.Extraction;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// Finds, when the silo has started and from time to time, the scopes whose turns nobody distils: after a crash or a lost word. Without a chat client it does
/// nothing. Several silos may do so at once.
/// </summary>
/// <param name="grains">Where the work is done.</param>
/// <param name="services">Gives the store, once the host has started.</param>
/// <param name="model">The chat client.</param>
/// <param name="options">How often.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">Is told of failures.</param>
internal sealed partial class ExtractionSweeper(
    IGrainFactory grains,
    IServiceProvider services,
    ExtractionModel model,
    IOptions<ExtractionOptions> options,
    [FromKeyedServices(MemoryClock.ServiceKey)] TimeProvider timeProvider,
    ILogger<ExtractionSweeper> logger) : IHostedLifecycleService, IDisposable
{
    private const int MostScopes = 1_000;

    private readonly ILogger _logger = logger;
    private readonly CancellationTokenSource _stopping = new();
    private Task _sweeping = Task.CompletedTask;
    private int _stopped;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // A key that names no client fails the start, not the first recording.
        _ = model.IsPresent;
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (model.IsPresent)
        {
            _sweeping = SweepForEverAsync(_stopping.Token);
        }

        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 1)
        {
            // A host may be stopped again, also after it was disposed.
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await _sweeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();

    private async Task SweepForEverAsync(CancellationToken cancellationToken)
    {
        IFactStore store = services.GetRequiredService<IFactStore>();
        using var timer = new PeriodicTimer(options.Value.SweepInterval, timeProvider);
        do
        {
            try
            {
                foreach (MemoryScope scope in await store.FindScopesToExtractAsync(MostScopes, cancellationToken).ConfigureAwait(false))
                {
                    await grains.GetGrain<IMemoryExtractionGrain>(scope.ToString()).PokeAsync(0).ConfigureAwait(false);
                }
            }
            catch (Exception failure) when (failure is MemoryException or OrleansException or TimeoutException)
            {
                LogSweepFailed(failure.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }

    [LoggerMessage(EventIds.ExtractionSweepFailed, LogLevel.Warning, "A look for turns to distil failed ({ErrorType}); the next one goes on")]
    private partial void LogSweepFailed(string errorType);
}
