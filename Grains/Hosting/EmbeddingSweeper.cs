using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Memories.Vectors;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// Finds, when the silo has started and from time to time, the memories that nobody has embedded: after a crash, an outage or a change of the model. Without an
/// embedding generator it does nothing. Several silos may do so at once.
/// </summary>
/// <param name="grains">Where the work is done.</param>
/// <param name="services">Gives the store, once the host has started.</param>
/// <param name="source">The generator.</param>
/// <param name="options">How often, and how much at once.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">Is told of the model and of failures.</param>
internal sealed partial class EmbeddingSweeper(
    IGrainFactory grains,
    IServiceProvider services,
    EmbeddingSource source,
    IOptions<VectorOptions> options,
    [FromKeyedServices(MemoryClock.ServiceKey)] TimeProvider timeProvider,
    ILogger<EmbeddingSweeper> logger) : IHostedLifecycleService, IDisposable
{
    private readonly ILogger _logger = logger;
    private readonly CancellationTokenSource _stopping = new();
    private Task _sweeping = Task.CompletedTask;
    private int _stopped;
    private bool _isDetected;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (source.IsOn)
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
                await SweepAsync(store, cancellationToken).ConfigureAwait(false);
            }
            catch (EmbeddingFailedException failure)
            {
                LogUndetected(failure.ErrorType);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                LogSweepFailed(failure.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }

    private async Task SweepAsync(IFactStore store, CancellationToken cancellationToken)
    {
        VectorModel model = await source.DetectAsync(options.Value.BatchTimeout, cancellationToken).ConfigureAwait(false);
        if (!_isDetected)
        {
            _isDetected = true;
            LogDetected(model.Id);
        }

        foreach (MemoryScope scope in await store.FindScopesToEmbedAsync(model.Id, options.Value.SweepScopes, cancellationToken).ConfigureAwait(false))
        {
            await grains.GetGrain<IMemoryEmbeddingGrain>(scope.ToString()).PokeAsync().ConfigureAwait(false);
        }
    }

    [LoggerMessage(EventIds.EmbeddingModelDetected, LogLevel.Information, "Memories are embedded by model {Model}")]
    private partial void LogDetected(string model);

    [LoggerMessage(EventIds.EmbeddingModelUndetected, LogLevel.Warning, "The embedding generator does not say its dimensions ({ErrorType}); until it does, recalls go by terms alone")]
    private partial void LogUndetected(string errorType);

    [LoggerMessage(EventIds.EmbeddingSweepFailed, LogLevel.Warning, "A look for memories to embed failed ({ErrorType}); the next one goes on")]
    private partial void LogSweepFailed(string errorType);
}
