using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansMemory.Grains.Diagnostics;

namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// Says in one line that another silo has joined, has left or was declared dead: what Orleans says of it is many lines of its parts.
/// </summary>
/// <param name="logger">Is told.</param>
internal sealed partial class MemberWatch(ISiloStatusOracle members, ILocalSiloDetails silo, ILogger<MemberWatch> logger)
    : ILifecycleParticipant<ISiloLifecycle>,
        ISiloStatusListener
{
    private readonly ConcurrentDictionary<SiloAddress, SiloStatus> _seen = new();
    private readonly ILogger _logger = logger;

    /// <inheritdoc />
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(
            nameof(MemberWatch),
            ServiceLifecycleStage.Active,
            _ =>
            {
                members.SubscribeToSiloStatusEvents(this);
                return Task.CompletedTask;
            },
            _ =>
            {
                members.UnSubscribeFromSiloStatusEvents(this);
                return Task.CompletedTask;
            }
        );

    /// <inheritdoc />
    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (updatedSilo.Equals(silo.SiloAddress))
        {
            return;
        }

        SiloStatus before = _seen.TryGetValue(updatedSilo, out SiloStatus seen) ? seen : SiloStatus.None;
        _seen[updatedSilo] = status;
        switch (status)
        {
            case SiloStatus.Active when before != SiloStatus.Active:
                LogJoined(updatedSilo.Endpoint.ToString());
                break;
            case SiloStatus.Dead when before is SiloStatus.ShuttingDown or SiloStatus.Stopping:
                LogLeft(updatedSilo.Endpoint.ToString());
                break;
            case SiloStatus.Dead when before != SiloStatus.Dead:
                LogLost(updatedSilo.Endpoint.ToString());
                break;
        }
    }

    [LoggerMessage(EventIds.MemberJoined, LogLevel.Information, "The silo at {Endpoint} has joined the cluster")]
    private partial void LogJoined(string endpoint);

    [LoggerMessage(EventIds.MemberLeft, LogLevel.Information, "The silo at {Endpoint} has left the cluster")]
    private partial void LogLeft(string endpoint);

    [LoggerMessage(
        EventIds.MemberLost,
        LogLevel.Warning,
        "The silo at {Endpoint} did not answer and was declared dead; its conversations become active on the others when they are next asked for"
    )]
    private partial void LogLost(string endpoint);
}
