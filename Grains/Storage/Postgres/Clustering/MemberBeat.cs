using System.Runtime.CompilerServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using OrleansMemory.Grains.Diagnostics;

namespace OrleansMemory.Grains.Storage.Postgres.Clustering;

/// <summary>
/// Writes a new random value to this silo's row of the member table every second, from when the silo is in the table until it leaves the
/// cluster: a silo that starts trusts only members whose values it sees change in its own database. It ends the host when the database
/// behind the connection string has become another one, and has Orleans read the table when the silo was declared dead.
/// </summary>
/// <remarks>
/// Orleans' own sign of life is no substitute: after an outage of the database it pauses for up to a minute. The connections are those of
/// Orleans' providers, so that a beat goes where membership goes. A silo that was declared dead while it was frozen gets no message from
/// the others, and Orleans reads the table once a minute. A beat that finds the silo alive renews its lease; the silo that declares it dead
/// waits for the end of the lease in its row (<c>orleans_await_lease</c>).
/// </remarks>
/// <param name="options">How we connect.</param>
/// <param name="host">Is ended when the database was replaced.</param>
/// <param name="membership">Ends the silo when it finds it dead.</param>
/// <param name="failures">How soon others can find it dead.</param>
/// <param name="lease">Is renewed by every beat that says that the silo is alive.</param>
/// <param name="timeProvider">The clock of the pauses.</param>
/// <param name="logger">Is told of beats that fail, and of another database.</param>
internal sealed partial class MemberBeat(
    IOptions<PostgresStorageOptions> options,
    ILocalSiloDetails silo,
    IHostApplicationLifetime host,
    IClusterMembershipService membership,
    IOptions<ClusterMembershipOptions> failures,
    SiloLease lease,
    TimeProvider timeProvider,
    ILogger<MemberBeat> logger
) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    /// <summary>How often a silo writes at least.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>The longest lease, and so the longest time that declaring a silo dead waits for it.</summary>
    public static readonly TimeSpan LongestLease = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(200);

    // Calls that need the lease while PostgreSQL is away must not make a busy loop of beats.
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(20);

    // The silo uses less of the lease than other silos wait for: the clocks of two machines run at different rates.
    private const double UsedShare = 0.9;

    private const int TimeoutSeconds = 5;

    private readonly CancellationTokenSource _stopping = new();
    private readonly ILogger _logger = logger;
    private Task _beating = Task.CompletedTask;

    // As long as other silos go on probing one that does not answer: its lease is usually over when they declare it dead.
    private TimeSpan LeaseLength
    {
        get
        {
            TimeSpan probing = failures.Value.MinProbeTimeout * Math.Max(1, failures.Value.NumMissedProbesLimit - 1);
            return probing < LongestLease ? probing : LongestLease;
        }
    }

    // Where silos are declared dead sooner, a lease has to hold for some beats, too.
    private TimeSpan Pause => TimeSpan.FromTicks(Math.Clamp(LeaseLength.Ticks / 3, ShortestPause.Ticks, Period.Ticks));

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(
            nameof(MemberBeat),
            ServiceLifecycleStage.AfterRuntimeGrainServices + 1,
            _ =>
            {
                lease.End();
                _beating = BeatUntilStoppedAsync(_stopping.Token);
                return Task.CompletedTask;
            },
            StopAsync
        );

    public void Dispose() => _stopping.Dispose();

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _beating.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lease.End();
        lease.Answer();

        // The silo is about to write that it has gone, and should not wait for its own lease then. Where this fails it does.
        Task released = RunAsync(SqlScripts.ReleaseMember, static (_, _) => Task.FromResult(true), static _ => { }, cancellationToken);
        await released.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task BeatUntilStoppedAsync(CancellationToken cancellationToken)
    {
        // The start of the silo does not wait for the first beat.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        string? database = null;
        while (!cancellationToken.IsCancellationRequested)
        {
            long seen = lease.Now();
            try
            {
                (string now, bool isDead) = await BeatAsync(cancellationToken).ConfigureAwait(false);
                database ??= now;
                if (!string.Equals(now, database, StringComparison.Ordinal))
                {
                    LogReplaced();
                    host.StopApplication();
                    return;
                }

                if (!isDead)
                {
                    lease.Renew(seen, LeaseLength * UsedShare);
                }
                else
                {
                    lease.End();
                    LogDead();
                    await membership.Refresh(cancellationToken: cancellationToken).ConfigureAwait(false);
                }
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(failure.GetType().Name, (failure as PostgresException)?.SqlState);
            }

            lease.Answer();
            await PauseAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for the next beat, or until somebody needs the lease.</summary>
    private async Task PauseAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(ShortestInterval, timeProvider, cancellationToken).ConfigureAwait(false);
        await lease
            .Asked.WaitAsync(Pause - ShortestInterval, timeProvider, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Task<(string Database, bool IsDead)> BeatAsync(CancellationToken cancellationToken) =>
        RunAsync(
            SqlScripts.BeatMember,
            static async (reader, token) =>
            {
                await reader.ReadAsync(token).ConfigureAwait(false);
                return (reader.GetString(0), reader.GetBoolean(1));
            },
            parameters => parameters.Integer((int)LeaseLength.TotalMilliseconds),
            cancellationToken
        );

    private async Task<T> RunAsync<T>(
        string statement,
        Func<NpgsqlDataReader, CancellationToken, Task<T>> readAsync,
        Action<NpgsqlParameterCollection> add,
        CancellationToken cancellationToken
    )
    {
        var connection = new NpgsqlConnection(ProviderConnection.Make(options.Value));
        await using ConfiguredAsyncDisposable _ = connection.ConfigureAwait(false);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        var command = new NpgsqlCommand(statement, connection) { CommandTimeout = TimeoutSeconds };
        await using ConfiguredAsyncDisposable __ = command.ConfigureAwait(false);
        SiloAddress address = silo.SiloAddress;
        command
            .Parameters.Text(silo.ClusterId)
            .Text(address.Endpoint.Address.ToString())
            .Integer(address.Endpoint.Port)
            .Integer(address.Generation);
        add(command.Parameters);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable ___ = reader.ConfigureAwait(false);
        return await readAsync(reader, cancellationToken).ConfigureAwait(false);
    }

    [LoggerMessage(
        EventIds.MemberBeatFailed,
        LogLevel.Debug,
        "The silo could not write to its row of the member table ({ErrorType}, SQLSTATE {SqlState}); it tries again in a second"
    )]
    private partial void LogFailed(string errorType, string? sqlState);

    [LoggerMessage(
        EventIds.MemberDead,
        LogLevel.Error,
        "The member table says that this silo is dead: others declared it so while it did not answer. It ends, and is to be started again"
    )]
    private partial void LogDead();

    [LoggerMessage(
        EventIds.DatabaseReplaced,
        LogLevel.Critical,
        "The database behind the connection string is another one than when this silo started: the silo ends, since what it holds is not of that database. Stop all silos before a database is replaced or restored"
    )]
    private partial void LogReplaced();
}
