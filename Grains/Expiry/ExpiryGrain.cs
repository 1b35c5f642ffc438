using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansMemory.Diagnostics;
using OrleansMemory.Errors;
using OrleansMemory.Expiry;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Expiry;

/// <summary>
/// One position of the expiry wheel. A tick only says "look": a tick that comes early, late, twice or never does no harm.
/// </summary>
[GrainType("expiry")]
internal sealed partial class ExpiryGrain : Grain, IExpiryGrain, IRemindable
{
    private readonly IConversationStore _store;
    private readonly ExpiryOptions _options;
    private readonly ExpiryThrottle _throttle;
    private readonly TimeProvider _timeProvider;
    private readonly ClockCheck _clocks;
    private readonly MemoryInstruments _instruments;
    private readonly ILogger _logger;
    private ExpiryStatistics _statistics = new();
    private IGrainTimer? _goOn;
    private int _position;

    public ExpiryGrain(
        IConversationStore store,
        IOptions<ExpiryOptions> options,
        ExpiryThrottle throttle,
        [FromKeyedServices(ConversationClock.ServiceKey)] TimeProvider timeProvider,
        ClockCheck clocks,
        MemoryInstruments instruments,
        ILogger<ExpiryGrain> logger
    )
    {
        _store = store;
        _options = options.Value;
        _throttle = throttle;
        _timeProvider = timeProvider;
        _clocks = clocks;
        _instruments = instruments;
        _logger = logger;
    }

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _position = int.TryParse(this.GetPrimaryKeyString(), NumberStyles.None, CultureInfo.InvariantCulture, out int position)
            ? position
            : throw new InvalidRequestException("key", "The key of an expiry grain is its position, a whole number from 0.");
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task StartAsync()
    {
        CheckPosition();
        List<IGrainReminder> reminders = await this.GetReminders();
        foreach (IGrainReminder other in reminders.Where(reminder => !IsOurs(reminder.ReminderName)))
        {
            await this.UnregisterReminder(other);
        }

        // One that is there keeps its times: a silo that starts again and again must not put the tick off again and again.
        if (!reminders.Any(reminder => IsOurs(reminder.ReminderName)))
        {
            await this.RegisterOrUpdateReminder(ReminderName, _options.Period * (_position + 1) / _options.Grains, _options.Period);
        }
    }

    /// <inheritdoc />
    public async Task<ExpiryStatistics> SweepAsync(CancellationToken cancellationToken = default)
    {
        CheckPosition();
        await SweepOnceAsync(cancellationToken);
        GoOnIfBacklog();
        return _statistics;
    }

    /// <inheritdoc />
    public Task<ExpiryStatistics> GetStatisticsAsync() => Task.FromResult(_statistics);

    /// <inheritdoc />
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (_position >= _options.Grains || !IsOurs(reminderName))
        {
            // Left over from a wheel of another size or period.
            if (await this.GetReminder(reminderName) is { } left)
            {
                await this.UnregisterReminder(left);
            }

            return;
        }

        await SweepQuietlyAsync(CancellationToken.None);
    }

    /// <summary>The name says the period, which a reminder that is looked up does not.</summary>
    private string ReminderName => string.Create(CultureInfo.InvariantCulture, $"sweep-{_options.Period.Ticks}");

    private bool IsOurs(string reminderName) => string.Equals(reminderName, ReminderName, StringComparison.Ordinal);

    private void CheckPosition()
    {
        if (_position >= _options.Grains)
        {
            throw new InvalidRequestException(
                "key",
                FormattableString.Invariant($"The expiry wheel has positions 0 to {_options.Grains - 1}.")
            );
        }
    }

    private async Task SweepQuietlyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SweepOnceAsync(cancellationToken);
            GoOnIfBacklog();
        }
        catch (MemoryException exception)
        {
            // The next tick tries again.
            LogSweepFailed(exception.GetType().Name);
        }
    }

    /// <summary>
    /// Sweeps until nothing is due or the budget is used up. A silo whose clock is off sweeps nothing: a tick may come to another one.
    /// </summary>
    private async Task SweepOnceAsync(CancellationToken cancellationToken)
    {
        long started = _timeProvider.GetTimestamp();
        using Activity? activity = MemoryActivities.Source.StartActivity(MemoryActivities.SweepExpired);
        var share = new WheelShare(_position, _options.Grains);
        _statistics = _statistics with { Sweeps = _statistics.Sweeps + 1, LastSweepAt = _timeProvider.Now(), Backlog = true };
        bool more = true;
        for (int batch = 0; more && batch < _options.SweepBatches && _timeProvider.GetElapsedTime(started) < _options.SweepTime; batch++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            more = await _throttle.RunAsync(() => SweepBatchAsync(share, cancellationToken), cancellationToken);
        }

        _statistics = _statistics with { Backlog = more };
    }

    private async Task<bool> SweepBatchAsync(WheelShare share, CancellationToken cancellationToken) =>
        await _clocks.SweepInstantAsync(cancellationToken) is { } instant
        && Count(await _store.SweepExpiredAsync(new ExpirySweep(instant, share, _options.BatchSize), cancellationToken));

    private bool Count(ExpirySweepResult swept)
    {
        _instruments.OnExpired(swept.Conversations, swept.Messages, swept.Entries);
        _statistics = _statistics with
        {
            Conversations = _statistics.Conversations + swept.Conversations,
            Messages = _statistics.Messages + swept.Messages,
            Entries = _statistics.Entries + swept.Entries,
        };
        if (swept.Conversations + swept.Entries > 0)
        {
            LogSwept(swept.Conversations, swept.Messages, swept.Entries);
        }

        return swept.More;
    }

    /// <summary>While there is a backlog the next sweep follows at once, as a turn of its own: calls that wait get in between.</summary>
    private void GoOnIfBacklog()
    {
        _goOn?.Dispose();
        _goOn = _statistics.Backlog
            ? this.RegisterGrainTimer(
                SweepQuietlyAsync,
                new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { KeepAlive = true }
            )
            : null;
    }

    [LoggerMessage(
        EventIds.ExpirySwept,
        LogLevel.Debug,
        "Removed {Conversations} expired conversations, {Messages} messages and {Entries} entries"
    )]
    private partial void LogSwept(int conversations, long messages, long entries);

    [LoggerMessage(EventIds.ExpirySweepFailed, LogLevel.Warning, "A sweep of the expiry wheel failed ({ErrorType}); the next tick goes on")]
    private partial void LogSweepFailed(string errorType);
}
