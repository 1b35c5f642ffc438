using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.TestingHost;
using OrleansMemory.Client.Postgres;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Hosting;

namespace OrleansMemory.Tests.Support;

/// <summary>
/// Silos of one cluster in this process, with an external client. Everything they share is in one PostgreSQL database: members, reminders
/// and conversations. Grains are found through Orleans' own directory.
/// </summary>
internal sealed class SiloCluster : IAsyncDisposable
{
    private const int MostAttempts = 5;

    private readonly GrainHost _host;

    private SiloCluster(GrainHost host) => _host = host;

    /// <summary>The cluster as the suites see it: calls go through the external client.</summary>
    public GrainHost Host => _host;

    public InProcessTestCluster Silos => _host.Cluster;

    /// <summary>Starts a cluster.</summary>
    /// <param name="connectionString">Its database.</param>
    /// <param name="silos">How many silos it begins with.</param>
    /// <param name="setup">What the test changes; <see langword="null"/> for nothing.</param>
    public static async Task<SiloCluster> StartAsync(string connectionString, short silos, SiloClusterSetup? setup = null)
    {
        setup ??= new SiloClusterSetup();
        var builder = new InProcessTestClusterBuilder(silos);
        builder.Options.ConfigureFileLogging = false;
        SetUseTestClusterMembership(builder.Options, false);
        builder.ConfigureSilo(
            (place, silo) =>
            {
                silo.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Error));
                if (setup.Clock is { } clock)
                {
                    silo.Services.AddKeyedSingleton(MemoryClock.ServiceKey, clock);
                }

                silo.AddOrleansMemory(setup.Conversations);
                silo.UsePostgresStorage(options => options.ConnectionString = connectionString);
                silo.UsePostgresClustering(options =>
                {
                    options.ClusterId = builder.Options.ClusterId;
                    options.ServiceId = builder.Options.ServiceId;
                    options.SiloPort = place.SiloPort;
                    options.GatewayPort = place.GatewayPort;
                    options.AdvertisedAddress = "127.0.0.1";
                });

                // Silos of this host have no sockets at which they could be asked whether they are there.
                silo.Services.Remove(silo.Services.Single(service => service.ImplementationType == typeof(MemberProof)));
                setup.Silo(silo);
            }
        );
        builder.ConfigureClient(client =>
        {
            client.UsePostgresGateways(gateways =>
            {
                gateways.ConnectionString = connectionString;
                gateways.ClusterId = builder.Options.ClusterId;
                gateways.ServiceId = builder.Options.ServiceId;
                gateways.RefreshInterval = TimeSpan.FromSeconds(1);
            });
            client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = setup.ResponseTimeout);
        });
        return new SiloCluster(await GrainHost.StartAsync(builder));
    }

    public IConversationGrain Conversation(string id) => _host.Conversation(id);

    /// <summary>On which silo a grain is active now; <see langword="null"/> on none.</summary>
    public async Task<InProcessSiloHandle?> WhereIsAsync(IAddressable grain)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                SiloAddress? address = await _host.Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(grain);
                return Silos.Silos.SingleOrDefault(silo => silo.SiloAddress.Equals(address));
            }
            catch (Exception failure) when (attempt < MostAttempts && failure is TimeoutException or OrleansMessageRejectionException)
            {
                // The silo that was asked is one that has just gone.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Silos that take leave of each other one by one would take most of a test's time.
        await Silos.StopClusterClientAsync();
        await Task.WhenAll(Silos.Silos.Select(Silos.KillSiloAsync));
        await _host.DisposeAsync();
    }

    // Membership is ours, and with it the directory is Orleans' own: the test host would replace both by tables in its memory.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_UseTestClusterMembership")]
    private static extern void SetUseTestClusterMembership(InProcessTestClusterOptions options, bool value);
}
