using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansMemory.Grains.Clocks;

namespace OrleansMemory.Grains.Storage.Postgres.Clustering;

/// <summary>
/// The membership table, in which a member that says that it was alive at an instant still to come counts as out of date. Orleans compares
/// that instant with the reader's clock alone: a dead member whose clock was ahead would count as alive for as long as it was ahead, and
/// keep other silos from joining. Database errors do not leave this room: the directory reads the table while it looks for a grain, for the
/// call of another silo as well.
/// </summary>
/// <remarks>
/// A member that is alive loses nothing by it: the others probe it, and it answers. Only what is read is corrected, never the row: its
/// owner goes on writing it.
/// </remarks>
/// <param name="table">The provider's table.</param>
/// <param name="time">The database's time, by which instants are judged; where it is not known yet, nothing is corrected.</param>
/// <param name="options">How far ahead an instant may be.</param>
/// <param name="logger">Is told of errors that are ours.</param>
internal sealed class ClockedMembershipTable(
    IMembershipTable table,
    DatabaseTime time,
    IOptions<ClockOptions> options,
    ILogger<ClockedMembershipTable> logger
) : IMembershipTable
{
    // Always the same instant: snapshots of the table are compared by it.
    private static readonly DateTime OutOfDate = DateTime.UnixEpoch;

    public Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken = default) =>
        StoreFaults.TranslateAsync(logger, table.InitializeMembershipTableAsync(tryInitTableVersion, cancellationToken));

    public Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken = default) =>
        StoreFaults.TranslateAsync(logger, table.DeleteMembershipTableEntriesAsync(clusterId, cancellationToken));

    public Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken = default) =>
        StoreFaults.TranslateAsync(logger, table.CleanupDefunctSiloEntriesAsync(beforeDate, cancellationToken));

    public async Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken = default) =>
        Correct(await StoreFaults.TranslateAsync(logger, table.ReadRowAsync(key, cancellationToken)).ConfigureAwait(false));

    public async Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken = default) =>
        Correct(await StoreFaults.TranslateAsync(logger, table.ReadAllAsync(cancellationToken)).ConfigureAwait(false));

    public Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken = default) =>
        StoreFaults.TranslateAsync(logger, table.InsertRowAsync(entry, tableVersion, cancellationToken));

    public Task<bool> UpdateRowAsync(
        MembershipEntry entry,
        string etag,
        TableVersion tableVersion,
        CancellationToken cancellationToken = default
    ) => StoreFaults.TranslateAsync(logger, table.UpdateRowAsync(entry, etag, tableVersion, cancellationToken));

    public Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken = default) =>
        StoreFaults.TranslateAsync(logger, table.UpdateIAmAliveAsync(entry, cancellationToken));

    [Obsolete("Use InitializeMembershipTableAsync instead.")]
    public Task InitializeMembershipTable(bool tryInitTableVersion) =>
        InitializeMembershipTableAsync(tryInitTableVersion, CancellationToken.None);

    [Obsolete("Use DeleteMembershipTableEntriesAsync instead.")]
    public Task DeleteMembershipTableEntries(string clusterId) => DeleteMembershipTableEntriesAsync(clusterId, CancellationToken.None);

    [Obsolete("Use CleanupDefunctSiloEntriesAsync instead.")]
    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => CleanupDefunctSiloEntriesAsync(beforeDate, CancellationToken.None);

    [Obsolete("Use ReadRowAsync instead.")]
    public Task<MembershipTableData> ReadRow(SiloAddress key) => ReadRowAsync(key, CancellationToken.None);

    [Obsolete("Use ReadAllAsync instead.")]
    public Task<MembershipTableData> ReadAll() => ReadAllAsync(CancellationToken.None);

    [Obsolete("Use InsertRowAsync instead.")]
    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) =>
        InsertRowAsync(entry, tableVersion, CancellationToken.None);

    [Obsolete("Use UpdateRowAsync instead.")]
    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) =>
        UpdateRowAsync(entry, etag, tableVersion, CancellationToken.None);

    [Obsolete("Use UpdateIAmAliveAsync instead.")]
    public Task UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry, CancellationToken.None);

    // The entries were made for this read and no one else has them yet.
    private MembershipTableData Correct(MembershipTableData read)
    {
        if (time.Now is not { } now)
        {
            return read;
        }

        DateTime latest = (now + options.Value.Tolerance).UtcDateTime;
        foreach ((MembershipEntry member, _) in read.Members)
        {
            // Orleans takes the later of the two instants. The start of a silo that is still joining says how long it has been trying.
            if (member.Status == SiloStatus.Active && (member.IAmAliveTime > latest || member.StartTime > latest))
            {
                member.IAmAliveTime = OutOfDate;
                member.StartTime = OutOfDate;
            }
        }

        return read;
    }
}
