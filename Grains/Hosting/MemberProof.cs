using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage.Postgres.Clustering;

namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// Holds the start until every member that the table names has shown that it writes to this silo's database, or was declared dead. Orleans
/// joins whoever the table names, and the table is copied with the database: without the proof a silo on a copy would join the cluster of
/// the original. It is as well what members need that were killed: Orleans lets a silo join only once it has reached every member, and
/// would wait for the dead.
/// </summary>
/// <remarks>
/// A member is trusted when its beat (<see cref="MemberBeat"/>) changes in our database while we watch. One that stays silent is dead,
/// frozen, or a member of the database that ours was copied from; in each case its row says something false about this cluster. Whom a live
/// cluster lists is never read from anywhere but its own database, so that after the clearing no silo of either side has an address of the
/// other. How long silence is listened to says <see cref="MemberSilence"/>.
/// </remarks>
/// <param name="endpoint">Where we are: a member there is our own predecessor.</param>
/// <param name="timeProvider">The clock of the watch.</param>
/// <param name="logger">Is told what was found and done.</param>
internal sealed partial class MemberProof(
    ClusterMembers members,
    IOptions<ClusterOptions> cluster,
    IOptions<EndpointOptions> endpoint,
    TimeProvider timeProvider,
    ILogger<MemberProof> logger
) : IStartupStep
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>A wait that is longer is told of.</summary>
    private static readonly TimeSpan ToldAfter = TimeSpan.FromSeconds(2);

    private readonly ILogger _logger = logger;

    public StartupStage Stage => StartupStage.Membership;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        long started = timeProvider.GetTimestamp();
        List<ListedMember> listed = await ReadAsync(cancellationToken).ConfigureAwait(false);

        // Who comes later has written its row while we watch.
        List<WatchedMember> unproven = [.. listed.Select(member => new WatchedMember(member, IsOurs(member.Endpoint), timeProvider))];
        for (bool told = false; ;)
        {
            TimeSpan watched = timeProvider.GetElapsedTime(started);
            await Task.WhenAll(unproven.Select(member => member.ProbeAsync(watched, cancellationToken))).ConfigureAwait(false);
            await ClearAsync([.. unproven.Where(member => member.IsSilentTooLong(watched))], unproven, cancellationToken)
                .ConfigureAwait(false);
            unproven.RemoveAll(member => member.IsLeftToOrleans);
            if (unproven.Count == 0)
            {
                return;
            }

            if (!told && watched >= ToldAfter)
            {
                LogWaiting(unproven.Count, MemberSilence.Longest.TotalSeconds);
                told = true;
            }

            await Task.Delay(Pause, timeProvider, cancellationToken).ConfigureAwait(false);
            Update(unproven, await ReadAsync(cancellationToken).ConfigureAwait(false));
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private Task<List<ListedMember>> ReadAsync(CancellationToken cancellationToken) =>
        members.ReadAsync(cluster.Value.ClusterId, cancellationToken);

    private bool IsOurs(IPEndPoint other) =>
        other.Port == endpoint.Value.SiloPort && other.Address.Equals(endpoint.Value.AdvertisedIPAddress);

    private static void Update(List<WatchedMember> unproven, List<ListedMember> listed)
    {
        var now = listed.ToDictionary(member => member.Key);
        unproven.RemoveAll(member => !now.TryGetValue(member.Key, out ListedMember? latest) || member.Update(latest));
        if (unproven.Any(member => member.IsReplicated))
        {
            throw new InvalidOperationException(
                "The database is still written to by another one (logical replication): its member table names silos that write elsewhere. Drop the subscription, then start silos on it."
            );
        }
    }

    private async Task ClearAsync(WatchedMember[] silent, List<WatchedMember> unproven, CancellationToken cancellationToken)
    {
        if (silent.Length == 0)
        {
            return;
        }

        HashSet<(IPEndPoint, int)> cleared =
        [
            .. await members
                .ClearAsync(cluster.Value.ClusterId, [.. silent.Select(member => member.Latest)], cancellationToken)
                .ConfigureAwait(false),
        ];
        unproven.RemoveAll(member => cleared.Contains(member.Key));
        WatchedMember[] gone = [.. silent.Where(member => cleared.Contains(member.Key))];
        Tell(gone, member => member.Latest.IsElsewhere, LogCopied);
        Tell(gone, member => !member.Latest.IsElsewhere && member.Listener == Listener.Somebody, LogElsewhere);
        Tell(gone, member => !member.Latest.IsElsewhere && member.Listener != Listener.Somebody, LogGone);
    }

    private static void Tell(WatchedMember[] gone, Func<WatchedMember, bool> which, Action<int, string> log)
    {
        IPEndPoint[] places = [.. gone.Where(which).Select(member => member.Key.Endpoint)];
        if (places.Length > 0)
        {
            log(places.Length, string.Join<IPEndPoint>(", ", places));
        }
    }

    [LoggerMessage(
        EventIds.MembersAwaited,
        LogLevel.Information,
        "{Members} silos are members of the cluster by its table but do not write to this database; the start waits for them for up to {Seconds} s"
    )]
    private partial void LogWaiting(int members, double seconds);

    [LoggerMessage(
        EventIds.MembersGone,
        LogLevel.Information,
        "{Members} silos that were members of the cluster are gone and were declared dead: {Addresses}"
    )]
    private partial void LogGone(int members, string addresses);

    [LoggerMessage(
        EventIds.MembersElsewhere,
        LogLevel.Warning,
        "{Members} silos that the member table names can be reached but do not write to this database: they are frozen, or this is a copy of their database. They were declared dead here; silos on this database are a cluster of their own: {Addresses}"
    )]
    private partial void LogElsewhere(int members, string addresses);

    [LoggerMessage(
        EventIds.MembersCopied,
        LogLevel.Warning,
        "This database is a copy of another one, and {Members} silos that its member table names belong to that one. They were declared dead here; silos on this database are a cluster of their own: {Addresses}"
    )]
    private partial void LogCopied(int members, string addresses);
}
