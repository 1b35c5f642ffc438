using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.Runtime.Timers;

namespace Orleans.Runtime.ReminderService;

/// <summary>Watches all reminders of the table and sends their ticks to the grains.</summary>
/// <remarks>
/// Changes of the table and of what is watched go one after the other, so that both agree; a durable table may also be changed by
/// others, which is noticed when it is read again.
/// </remarks>
internal sealed partial class LocalReminderService(
    EmbeddedSilo silo,
    IServiceProvider services,
    IOptions<ReminderOptions> options,
    ILogger<LocalReminderService> logger) : IHostedService, IDisposable
{
    private readonly SemaphoreSlim _changes = new(1, 1);
    private readonly Lock _lock = new();
    private readonly Dictionary<(GrainId Grain, string Name), LocalReminder> _watched = [];
    private IReminderTable? _table;
    private ITimer? _refresh;
    private bool _stopped;

    private IReminderTable Table => _table ?? throw new ReminderException("The reminder service has not been started.");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _table = (IReminderTable?)services.GetService(typeof(IReminderTable)) ?? throw new OrleansConfigurationException(
            "Reminders are used but there is no table for them. Call UseInMemoryReminderService() or register an IReminderTable.");
        await _table.StartAsync(cancellationToken);
        await RefreshAsync();
        var period = options.Value.RefreshReminderListPeriod;
        _refresh = silo.Time.CreateUnflowedTimer(_ => _ = RefreshQuietlyAsync(), null, period, period);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        EndAll();
        if (_table is not null) await _table.StopAsync(cancellationToken);
    }

    public void Dispose()
    {
        EndAll();
        _changes.Dispose();
    }

    internal async Task<IGrainReminder> UpsertAsync(GrainId grainId, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        await _changes.WaitAsync();
        try
        {
            var entry = new ReminderEntry
            {
                GrainId = grainId,
                ReminderName = reminderName,
                StartAt = silo.Time.GetUtcNow().UtcDateTime + dueTime,
                Period = period,
            };
            entry.ETag = await Table.UpsertRow(entry) ?? throw new ReminderException("The reminder table did not store the reminder.");
            Watch(entry, isNew: true);
            return ReminderData.Of(entry);
        }
        finally
        {
            _changes.Release();
        }
    }

    internal async Task RemoveAsync(ReminderData reminder)
    {
        await _changes.WaitAsync();
        try
        {
            if (!await Table.RemoveRow(reminder.GrainId, reminder.ReminderName, reminder.ETag))
            {
                throw new ReminderException("The reminder was changed or removed since it was looked up.");
            }

            Forget((reminder.GrainId, reminder.ReminderName));
        }
        finally
        {
            _changes.Release();
        }
    }

    internal async Task<IGrainReminder?> GetAsync(GrainId grainId, string reminderName) =>
        await Table.ReadRow(grainId, reminderName) is { } entry ? ReminderData.Of(entry) : null;

    internal async Task<List<IGrainReminder>> GetAllAsync(GrainId grainId) =>
        [.. (await Table.ReadRows(grainId)).Reminders.Select(ReminderData.Of)];

    private async Task RefreshAsync()
    {
        await _changes.WaitAsync();
        try
        {
            var rows = (await Table.ReadRows(0, 0)).Reminders.ToDictionary(static entry => (entry.GrainId, entry.ReminderName));
            Dictionary<(GrainId, string), string?> known;
            lock (_lock) known = _watched.ToDictionary(static pair => pair.Key, static pair => pair.Value.Entry.ETag);
            foreach (var gone in known.Keys.Where(key => !rows.ContainsKey(key))) Forget(gone);
            foreach (var (key, entry) in rows)
            {
                if (!known.TryGetValue(key, out var etag) || etag != entry.ETag) Watch(entry, isNew: false);
            }
        }
        finally
        {
            _changes.Release();
        }
    }

    private async Task RefreshQuietlyAsync()
    {
        try
        {
            await RefreshAsync();
        }
        catch (Exception exception)
        {
            if (!_stopped) LogRefreshFailed(logger, exception);
        }
    }

    private void Watch(ReminderEntry entry, bool isNew)
    {
        var key = (entry.GrainId, entry.ReminderName);
        Forget(key);
        lock (_lock)
        {
            if (_stopped) return;
            var reminder = new LocalReminder(entry, silo.Time, TickAsync);
            _watched[key] = reminder;
            reminder.Start(isNew);
        }
    }

    private void Forget((GrainId Grain, string Name) key)
    {
        lock (_lock)
        {
            if (_watched.Remove(key, out var reminder)) reminder.Dispose();
        }
    }

    private void EndAll()
    {
        lock (_lock)
        {
            _stopped = true;
            _refresh?.Dispose();
            foreach (var reminder in _watched.Values) reminder.Dispose();
            _watched.Clear();
        }
    }

    private async Task TickAsync(LocalReminder reminder, DateTime now)
    {
        var entry = reminder.Entry;
        try
        {
            var grain = silo.Factory.GetGrain<IRemindable>(entry.GrainId);
            await grain.ReceiveReminder(entry.ReminderName, new TickStatus(entry.StartAt, entry.Period, now));
        }
        catch (Exception exception)
        {
            LogTickFailed(logger, entry.GrainId.Type.ToString(), exception);
        }
    }

    [LoggerMessage(EventId = 9030, Level = LogLevel.Warning, Message = "A reminder tick of a grain of type {GrainType} failed")]
    private static partial void LogTickFailed(ILogger logger, string grainType, Exception exception);

    [LoggerMessage(EventId = 9031, Level = LogLevel.Warning, Message = "The reminder table could not be read; it is tried again")]
    private static partial void LogRefreshFailed(ILogger logger, Exception exception);
}
