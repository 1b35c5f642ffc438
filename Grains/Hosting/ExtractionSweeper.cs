using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansMemory.Diagnostics;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Memories.Extraction;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// Finds, when the silo has started and from time to time, the scopes whose turns no one distils: after a crash or a lost word. Without a
/// chat client it does nothing. Several silos may do so at once.
/// </summary>
/// <param name="grains">Where the work is done.</param>
/// <param name="services">Gives the store, once the host has started.</param>
/// <param name="options">How often.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">Is told of failures.</param>
internal sealed partial class ExtractionSweeper(
    IGrainFactory grains,
    IServiceProvider services,
    ExtractionModel model,
    IOptions<ExtractionOptions> options,
    [FromKeyedServices(MemoryClock.ServiceKey)] TimeProvider timeProvider,
    ILogger<ExtractionSweeper> logger
) : PeriodicSweeper(timeProvider)
{
    private const int MostScopes = 1_000;

    private readonly ILogger _logger = logger;

    /// <inheritdoc />
    protected override bool IsOn => model.IsPresent;

    /// <inheritdoc />
    protected override string ActivityName => MemoryActivities.SweepExtractions;

    /// <inheritdoc />
    protected override TimeSpan Interval => options.Value.SweepInterval;

    /// <inheritdoc />
    public override Task StartingAsync(CancellationToken cancellationToken)
    {
        // A key that names no client fails the start, not the first recording.
        _ = model.IsPresent;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    protected override async Task SweepAsync(CancellationToken cancellationToken)
    {
        IFactStore store = services.GetRequiredService<IFactStore>();
        foreach (MemoryScope scope in await store.FindScopesToExtractAsync(MostScopes, cancellationToken).ConfigureAwait(false))
        {
            await grains.GetGrain<IMemoryExtractionGrain>(scope.ToString()).NotifyAsync(0).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    protected override void OnFailed(Exception failure) => LogSweepFailed(failure.GetType().Name);

    [LoggerMessage(
        EventIds.ExtractionSweepFailed,
        LogLevel.Warning,
        "A look for turns to distil failed ({ErrorType}); the next one goes on"
    )]
    private partial void LogSweepFailed(string errorType);
}
