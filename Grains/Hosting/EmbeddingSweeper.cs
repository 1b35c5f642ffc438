using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansMemory.Diagnostics;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Memories.Vectors;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// Finds, when the silo has started and from time to time, the memories that are not embedded yet: after a crash, an outage or a change of
/// the model. Without an embedding generator it does nothing. Several silos may do so at once.
/// </summary>
/// <param name="grains">Where the work is done.</param>
/// <param name="services">Gives the store, once the host has started.</param>
/// <param name="options">How often, and how much at once.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">Is told of the model and of failures.</param>
internal sealed partial class EmbeddingSweeper(
    IGrainFactory grains,
    IServiceProvider services,
    EmbeddingSource source,
    IOptions<VectorOptions> options,
    [FromKeyedServices(MemoryClock.ServiceKey)] TimeProvider timeProvider,
    ILogger<EmbeddingSweeper> logger
) : PeriodicSweeper(timeProvider)
{
    private readonly ILogger _logger = logger;
    private bool _isDetected;

    /// <inheritdoc />
    protected override bool IsOn => source.IsOn;

    /// <inheritdoc />
    protected override string ActivityName => MemoryActivities.SweepEmbeddings;

    /// <inheritdoc />
    protected override TimeSpan Interval => options.Value.SweepInterval;

    /// <inheritdoc />
    protected override async Task SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await NotifyAsync(services.GetRequiredService<IFactStore>(), cancellationToken).ConfigureAwait(false);
        }
        catch (EmbeddingFailedException failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogUndetected(failure.ErrorType);
        }
    }

    /// <inheritdoc />
    protected override void OnFailed(Exception failure) => LogSweepFailed(failure.GetType().Name);

    private async Task NotifyAsync(IFactStore store, CancellationToken cancellationToken)
    {
        VectorModel model = await source.DetectAsync(options.Value.BatchTimeout, cancellationToken).ConfigureAwait(false);
        if (!_isDetected)
        {
            _isDetected = true;
            LogDetected(model.Id);
        }

        foreach (
            MemoryScope scope in await store
                .FindScopesToEmbedAsync(model.Id, options.Value.SweepScopes, cancellationToken)
                .ConfigureAwait(false)
        )
        {
            await grains.GetGrain<IMemoryEmbeddingGrain>(scope.ToString()).NotifyAsync().ConfigureAwait(false);
        }
    }

    [LoggerMessage(EventIds.EmbeddingModelDetected, LogLevel.Information, "Memories are embedded by model {Model}")]
    private partial void LogDetected(string model);

    [LoggerMessage(
        EventIds.EmbeddingModelUndetected,
        LogLevel.Warning,
        "The embedding generator does not say its dimensions ({ErrorType}); until it does, recalls go by terms alone"
    )]
    private partial void LogUndetected(string errorType);

    [LoggerMessage(
        EventIds.EmbeddingSweepFailed,
        LogLevel.Warning,
        "A look for memories to embed failed ({ErrorType}); the next one goes on"
    )]
    private partial void LogSweepFailed(string errorType);
}
