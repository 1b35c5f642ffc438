using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage.Postgres.Clustering;

namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// Holds the start until members that were killed count as out of date. Orleans lets a silo join only once it has reached every member, and a silo that joins
/// looks only once for those that are out of date: after all silos were killed at the same time, one that starts too early would wait for the dead until it gives up.
/// </summary>
/// <param name="members">Says who is in the cluster by the table.</param>
/// <param name="cluster">Which cluster.</param>
/// <param name="membership">When a member is out of date.</param>
/// <param name="endpoint">Where we are: a member there is our own predecessor, which Orleans replaces at once.</param>
/// <param name="time">The database's time, by which alive times are judged.</param>
/// <param name="clocks">How far ahead of it an alive time may be. One that is further ahead is no sign of life: its silo's clock was wrong.</param>
/// <param name="timeProvider">The clock of the wait.</param>
/// <param name="logger">Is told of the wait.</param>
internal sealed partial class CrashedMembers(
    ClusterMembers members,
    IOptions<ClusterOptions> cluster,
    IOptions<ClusterMembershipOptions> membership,
    IOptions<EndpointOptions> endpoint,
    DatabaseTime time,
    IOptions<ClockOptions> clocks,
    TimeProvider timeProvider,
    ILogger<CrashedMembers> logger) : IStartupStep
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>How long it takes at most to find out whether a member answers.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = logger;

    public StartupStage Stage => StartupStage.Membership;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // A member that goes on saying that it is alive, and cannot be reached, is not waited for any longer: Orleans says what is wrong.
        TimeSpan outOfDate = membership.Value.IAmAliveTablePublishTimeout * (membership.Value.NumMissedTableIAmAliveLimit + 1);
        bool told = false;
        long started = timeProvider.GetTimestamp();
        while (timeProvider.GetElapsedTime(started) < outOfDate + outOfDate)
        {
            int waiting = 0;
            foreach (ListedMember member in await members.ReadActiveAsync(cluster.Value.ClusterId, cancellationToken).ConfigureAwait(false))
            {
                TimeSpan age = (time.Now ?? timeProvider.GetUtcNow()) - member.AliveAt;
                bool counts = age >= -clocks.Value.Tolerance && age < outOfDate && !IsOurs(member.Endpoint);
                waiting += counts && !await AnswersAsync(member.Endpoint, cancellationToken).ConfigureAwait(false) ? 1 : 0;
            }

            if (waiting == 0)
            {
                return;
            }

            if (!told)
            {
                LogWaiting(waiting);
                told = true;
            }

            await Task.Delay(Pause, timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private bool IsOurs(IPEndPoint other) =>
        other.Port == endpoint.Value.SiloPort && other.Address.Equals(endpoint.Value.AdvertisedIPAddress);

    private async Task<bool> AnswersAsync(IPEndPoint other, CancellationToken cancellationToken)
    {
        using var socket = new Socket(other.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var timeout = new CancellationTokenSource(ConnectTimeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await socket.ConnectAsync(other, either.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception failure) when (failure is SocketException || (failure is OperationCanceledException && timeout.IsCancellationRequested))
        {
            return false;
        }
    }

    [LoggerMessage(EventIds.CrashedMembers, LogLevel.Information, "{Members} silos are members of the cluster but do not answer; the start waits until they are out of date")]
    private partial void LogWaiting(int members);
}
