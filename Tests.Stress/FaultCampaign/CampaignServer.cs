using System.Data.Common;
using System.Net.Sockets;
using OrleansMemory.Silo.LocalPostgres;
using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>The campaign's PostgreSQL, which is killed and frozen.</summary>
internal sealed class CampaignServer : IAsyncDisposable
{
    private const int MostStarts = 20;

    private readonly LocalPostgresServer _server;

    private CampaignServer(LocalPostgresServer server) => _server = server;

    /// <summary>Where it listens.</summary>
    public UnixDomainSocketEndPoint Socket => new(Path.Combine(LocalServers.SocketOf(_server), ".s.PGSQL.5432"));

    /// <summary>Starts it. What it has written outlives its own end; the machine is not ended.</summary>
    public static async Task<CampaignServer> StartAsync() =>
        new(
            await LocalPostgresServer.StartAsync(
                new LocalPostgresOptions
                {
                    Folder = PostgresDatabase.NewServerFolder(),
                    Temporary = true,
                    Syncs = false,
                    MaxConnections = 200,
                },
                CancellationToken.None
            )
        );

    /// <summary>How it is reached by way of a port.</summary>
    /// <param name="port">The port of a proxy.</param>
    public string ConnectionString(int port) =>
        new DbConnectionStringBuilder
        {
            ConnectionString = _server.ConnectionString,
            ["Host"] = "127.0.0.1",
            ["Port"] = port,
        }.ConnectionString;

    /// <summary>SIGKILL for all of its processes.</summary>
    public async Task KillAsync()
    {
        if (_server.ProcessId is { } id)
        {
            await Signals.SendAsync("KILL", Signals.WithChildren(id));
        }
    }

    /// <summary>Starts it again after a kill.</summary>
    public async Task StartAgainAsync()
    {
        // It is dead: this sends its watchdog home.
        await _server.KillAsync(CancellationToken.None);
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await _server.StartAgainAsync(CancellationToken.None);
                return;
            }
            catch (LocalPostgresException) when (attempt < MostStarts)
            {
                // A process of before has not gone yet, and its memory is in use.
                await Task.Delay(100);
            }
        }
    }

    /// <summary>SIGSTOP for all of its processes.</summary>
    public async Task<List<int>> FreezeAsync()
    {
        int id = _server.ProcessId!.Value;
        await Signals.SendAsync("STOP", id);
        List<int> frozen = Signals.WithChildren(id);
        await Signals.SendAsync("STOP", frozen);
        return frozen;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
