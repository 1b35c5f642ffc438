using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Usage;

namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// Notes what this silo's turns have added, folds notes into totals, counts anew, and removes what has been kept for long enough.
/// </summary>
internal sealed partial class UsageSweeper(
    IServiceProvider services,
    UsageMeters meters,
    IOptions<UsageOptions> options,
    [FromKeyedServices(MemoryClock.ServiceKey)] TimeProvider timeProvider,
    ILogger<UsageSweeper> logger
) : PeriodicSweeper(timeProvider)
{
    private const int FoldRows = 5_000;
    private const int SweepRows = 5_000;

    // A walk takes a tenth of the time at most.
    private const int WalkShare = 10;

    private static readonly UsageStepLimits StepLimits = new(Lives: 50, Messages: 20_000);

    // What has ended, or what another silo is at, is looked for again after this time.
    private static readonly TimeSpan UpkeepInterval = TimeSpan.FromSeconds(30);

    private readonly ILogger _logger = logger;
    private readonly TimeProvider _timeProvider = timeProvider;
    private long? _upkept;
    private bool _isWalking;

    protected override TimeSpan Interval => options.Value.NoteInterval;

    /// <inheritdoc />
    protected override async Task SweepAsync(CancellationToken cancellationToken)
    {
        await meters.NoteAsync().ConfigureAwait(false);
        IUsageStore store = services.GetRequiredService<IUsageStore>();
        bool isDue = _upkept is not { } upkept || _timeProvider.GetElapsedTime(upkept) >= UpkeepInterval;
        if (isDue)
        {
            _upkept = _timeProvider.GetTimestamp();
            while (await store.FoldAsync(FoldRows, cancellationToken).ConfigureAwait(false) == FoldRows) { }

            await SweepOldAsync(store, cancellationToken).ConfigureAwait(false);
        }

        if (isDue || _isWalking)
        {
            _isWalking = await WalkAsync(store, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    protected override void OnFailed(Exception failure) => LogNotNoted(failure.GetType().Name);

    /// <returns>Whether there is more to count.</returns>
    private async Task<bool> WalkAsync(IUsageStore store, CancellationToken cancellationToken)
    {
        long started = _timeProvider.GetTimestamp();
        UsageStep step;
        int corrected = 0;
        do
        {
            DateTimeOffset now = _timeProvider.Now();
            step = await store
                .ReconcileAsync(StepLimits, now, now - options.Value.RecountInterval, cancellationToken)
                .ConfigureAwait(false);
            corrected += step.Corrected;
        } while (!step.Finished && _timeProvider.GetElapsedTime(started) < Interval / WalkShare);
        if (corrected > 0)
        {
            LogReconciled(corrected);
        }

        return !step.Finished;
    }

    private async Task SweepOldAsync(IUsageStore store, CancellationToken cancellationToken)
    {
        DateTimeOffset now = _timeProvider.Now();
        DateOnly first = DateOnly.FromDateTime((now - options.Value.DayRetention).UtcDateTime);
        while (await store.SweepDaysAsync(first, SweepRows, cancellationToken).ConfigureAwait(false) == SweepRows) { }

        IAuditStore audit = services.GetRequiredService<IAuditStore>();
        while (await audit.SweepAsync(now - options.Value.AuditRetention, SweepRows, cancellationToken).ConfigureAwait(false) == SweepRows)
        { }
    }

    [LoggerMessage(EventIds.UsageNotNoted, LogLevel.Warning, "Usage could not be noted or counted ({ErrorType}); the next attempt goes on")]
    private partial void LogNotNoted(string errorType);

    [LoggerMessage(EventIds.UsageReconciled, LogLevel.Debug, "Usage of {Corrected} conversations was counted anew")]
    private partial void LogReconciled(int corrected);
}
