using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansMemory.Retries;

namespace OrleansMemory.Client.Postgres;

/// <summary>
/// Has an external client look for silos again while it starts, with the growing, half random pauses of every retry here. Only a wrong
/// setting is not tried again: a database that is not there yet and one without our tables look alike from outside, and both pass when the
/// first silo has started.
/// </summary>
/// <param name="gateways">How long to try.</param>
/// <param name="client">How long to pause.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where repetitions are logged.</param>
internal sealed partial class ConnectionRetry(
    IOptions<PostgresGatewayOptions> gateways,
    IOptions<ConversationClientOptions> client,
    TimeProvider time,
    ILogger<ConnectionRetry> logger
) : IClientConnectionRetryFilter
{
    private long? _started;
    private int _attempts;

    /// <inheritdoc />
    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        _started ??= time.GetTimestamp();
        TimeSpan pause = Backoff.Jittered(
            Backoff.Grown(client.Value.RetryDelay, client.Value.MaxRetryDelay, _attempts),
            Random.Shared.NextDouble()
        );
        if (exception is OrleansConfigurationException or OptionsValidationException)
        {
            return false;
        }

        if (time.GetElapsedTime(_started.Value) + pause > gateways.Value.ConnectTime)
        {
            return exception is SiloUnavailableException ? throw NoGateway(exception) : false;
        }

        _attempts++;
        Waiting(logger, _attempts, pause.TotalMilliseconds, exception.GetType().Name);
        await Task.Delay(pause, time, cancellationToken);
        return true;
    }

    /// <summary>
    /// The table of members was read and lists no gateway. Orleans says only that none was found; what is usually wrong is that silos run
    /// but keep theirs closed, which is their default.
    /// </summary>
    private SiloUnavailableException NoGateway(Exception cause) =>
        new(
            $"No silo of cluster '{gateways.Value.ClusterId}' in schema '{gateways.Value.Schema}' could be reached at a gateway within {gateways.Value.ConnectTime}. Start a silo whose OrleansMemory:Cluster:GatewayPort (PostgresClusterOptions.GatewayPort) is a port that this client reaches, 30000 for example; the default, 0, takes no external clients.",
            cause
        );

    // 2000 is the same for calls.
    [LoggerMessage(2001, LogLevel.Debug, "Repetition {Repetition} in {PauseMilliseconds} ms after {Failure}")]
    private static partial void Waiting(ILogger logger, int repetition, double pauseMilliseconds, string failure);
}
