using Microsoft.Extensions.Logging;

namespace OrleansMemory.Grains.Storage.Postgres.Clustering;

/// <summary>
/// The provider's reminder table, whose database errors do not leave this room: what a grain asks of its reminders may fail in a call of
/// another silo.
/// </summary>
/// <param name="logger">Is told of errors that are ours.</param>
internal sealed class TranslatedReminderTable(IReminderTable provider, ILogger<TranslatedReminderTable> logger) : IReminderTable
{
    public Task StartAsync(CancellationToken cancellationToken = default) =>
        StoreFaults.TranslateAsync(logger, provider.StartAsync(cancellationToken));

    public Task StopAsync(CancellationToken cancellationToken = default) =>
        StoreFaults.TranslateAsync(logger, provider.StopAsync(cancellationToken));

    public Task<ReminderTableData> ReadRows(GrainId grainId) => StoreFaults.TranslateAsync(logger, provider.ReadRows(grainId));

    public Task<ReminderTableData> ReadRows(GrainId grainId, CancellationToken cancellationToken) =>
        StoreFaults.TranslateAsync(logger, provider.ReadRows(grainId, cancellationToken));

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => StoreFaults.TranslateAsync(logger, provider.ReadRows(begin, end));

    public Task<ReminderTableData> ReadRows(uint begin, uint end, CancellationToken cancellationToken) =>
        StoreFaults.TranslateAsync(logger, provider.ReadRows(begin, end, cancellationToken));

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        StoreFaults.TranslateAsync(logger, provider.ReadRow(grainId, reminderName));

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName, CancellationToken cancellationToken) =>
        StoreFaults.TranslateAsync(logger, provider.ReadRow(grainId, reminderName, cancellationToken));

    public Task<string?> UpsertRow(ReminderEntry entry) => StoreFaults.TranslateAsync(logger, provider.UpsertRow(entry));

    public Task<string?> UpsertRow(ReminderEntry entry, CancellationToken cancellationToken) =>
        StoreFaults.TranslateAsync(logger, provider.UpsertRow(entry, cancellationToken));

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) =>
        StoreFaults.TranslateAsync(logger, provider.RemoveRow(grainId, reminderName, eTag));

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag, CancellationToken cancellationToken) =>
        StoreFaults.TranslateAsync(logger, provider.RemoveRow(grainId, reminderName, eTag, cancellationToken));

    public Task TestOnlyClearTable() => StoreFaults.TranslateAsync(logger, provider.TestOnlyClearTable());

    public Task TestOnlyClearTable(CancellationToken cancellationToken) =>
        StoreFaults.TranslateAsync(logger, provider.TestOnlyClearTable(cancellationToken));
}
