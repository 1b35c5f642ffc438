using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.TestingHost;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Grains.Hosting;

namespace OrleansMemory.Tests.Support;

/// <summary>
/// A cluster of one silo in this process, with a client of its own. Several of them in one process know nothing of each other, except
/// through a database that they share.
/// </summary>
public sealed class GrainHost : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;
    private bool _stopped;

    private GrainHost(InProcessTestCluster cluster) => _cluster = cluster;

    public IGrainFactory Grains => _cluster.Client;

    public IServiceProvider Services => _cluster.GetSiloServiceProvider();

    /// <summary>The silos and their client.</summary>
    public InProcessTestCluster Cluster => _cluster;

    public static Task<GrainHost> StartAsync(Action<ISiloBuilder> configure)
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo(
            (_, silo) =>
            {
                silo.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
                configure(silo);
            }
        );
        return StartAsync(builder);
    }

    public static async Task<GrainHost> StartAsync(InProcessTestClusterBuilder builder)
    {
        // Two files for each host that no test reads.
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo(static (_, silo) => ManyHosts.Share(silo.Services));
        builder.ConfigureClient(static client => ManyHosts.Share(client.Services));
        InProcessTestCluster cluster = builder.Build();
        await cluster.DeployAsync();
        return new GrainHost(cluster);
    }

    public static Task<GrainHost> OnPostgresAsync(
        string connectionString,
        TimeProvider? clock = null,
        Action<ConversationOptions>? configure = null,
        Action<Grains.Storage.Postgres.PostgresStorageOptions>? postgres = null
    ) =>
        StartAsync(silo =>
        {
            UseClock(silo, clock);
            silo.AddOrleansMemory(configure)
                .UsePostgresStorage(options =>
                {
                    options.ConnectionString = connectionString;
                    postgres?.Invoke(options);
                });
            silo.UseInMemoryReminderService();
        });

    public static Task<GrainHost> InMemoryAsync(TimeProvider? clock = null, Action<ConversationOptions>? configure = null) =>
        StartAsync(silo =>
        {
            UseClock(silo, clock);
            silo.AddOrleansMemory(configure).UseInMemoryStorage();
            silo.UseInMemoryReminderService();
        });

    /// <summary>A host over a store that others may use as well.</summary>
    internal static Task<GrainHost> OverStoreAsync(
        Grains.Storage.IConversationStore store,
        TimeProvider? clock = null,
        Action<ConversationOptions>? configure = null
    ) =>
        StartAsync(silo =>
        {
            UseClock(silo, clock);
            silo.Services.AddSingleton(store);
            silo.Services.AddSingleton<Grains.Storage.IFactStore, Grains.Storage.InMemory.InMemoryFactStore>().AddUncounted();
            silo.AddOrleansMemory(configure).UseInMemoryReminderService();
        });

    public IConversationGrain Conversation(string id, string tenant = "tests") =>
        Grains.GetGrain<IConversationGrain>(ConversationKey.Create(tenant, id).ToString());

    /// <summary>Ends the grain's activation; the next call makes another one.</summary>
    public Task DeactivateAsync(IAddressable grain) => _cluster.DeactivateAsync(grain);

    public async Task StopAsync()
    {
        if (!_stopped)
        {
            _stopped = true;
            await _cluster.StopAllSilosAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _cluster.DisposeAsync();
    }

    private static void UseClock(ISiloBuilder silo, TimeProvider? clock)
    {
        if (clock is not null)
        {
            // Only conversations and memories look at this clock; Orleans keeps real time.
            silo.Services.AddKeyedSingleton(MemoryClock.ServiceKey, clock);
        }
    }
}
