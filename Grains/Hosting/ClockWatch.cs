using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Diagnostics;

namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// Compares the clocks from time to time, so that a clock that is off is told of although no one asks and nothing is to be removed.
/// </summary>
/// <param name="database">The database's time.</param>
/// <param name="options">How often.</param>
/// <param name="timeProvider">The clock of pauses.</param>
/// <param name="logger">Is told of failures.</param>
internal sealed partial class ClockWatch(
    DatabaseTime database,
    ClockCheck check,
    IOptions<ClockOptions> options,
    TimeProvider timeProvider,
    ILogger<ClockWatch> logger
) : PeriodicSweeper(timeProvider)
{
    private readonly ILogger _logger = logger;

    /// <inheritdoc />
    protected override bool IsOn => database.IsThere;

    /// <inheritdoc />
    protected override TimeSpan Interval => options.Value.Period;

    /// <inheritdoc />
    protected override async Task SweepAsync(CancellationToken cancellationToken)
    {
        // Alive times of members are judged by the newest reading, also where the clock of conversations is the application's own.
        await database.ReadAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        await check.IsRightAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    protected override void OnFailed(Exception failure) => LogFailed(failure.GetType().Name);

    [LoggerMessage(
        EventIds.ClockNotCompared,
        LogLevel.Debug,
        "The clocks could not be compared ({ErrorType}); the next comparison goes on"
    )]
    private partial void LogFailed(string errorType);
}
