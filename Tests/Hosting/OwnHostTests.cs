using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Tests.Clustering;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Hosting;

/// <summary>Silos in a host of the application's own.</summary>
public sealed class OwnHostTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task AddOrleansMemory_and_a_store_are_a_silo_on_the_loopback_without_a_gateway()
    {
        using IHost host = await StartAsync(silo => silo.AddOrleansMemory().UseInMemoryStorage());

        TurnReceipt receipt = await AppendAsync(host, "alone");
        ILocalSiloDetails silo = host.Services.GetRequiredService<ILocalSiloDetails>();
        ClusterOptions cluster = host.Services.GetRequiredService<IOptions<ClusterOptions>>().Value;

        Assert.Equal(1, receipt.Version);
        Assert.Equal("127.0.0.1", silo.SiloAddress.Endpoint.Address.ToString());
        Assert.Null(silo.GatewayAddress);
        Assert.Equal(("orleans-memory", "orleans-memory"), (cluster.ClusterId, cluster.ServiceId));
        await host.StopAsync();
    }

    [Fact]
    public async Task Conversations_and_reminders_outlive_a_silo_that_chose_PostgreSQL_and_nothing_else()
    {
        for (int version = 1; version <= 2; version++)
        {
            using IHost host = await StartAsync(silo =>
                silo.UsePostgresStorage(options => options.ConnectionString = database.ConnectionString).AddOrleansMemory()
            );
            TurnReceipt receipt = await AppendAsync(host, "kept");
            await ExpiryWheel.StartedAsync(host.Services);
            await host.StopAsync();

            Assert.Equal(version, receipt.Version);
            Assert.Equal(32L, await database.ExecuteAsync("select count(*) from orleans_memory.orleans_reminder"));
        }
    }

    [Fact]
    public async Task Clustering_may_be_asked_for_before_storage_and_a_client_is_told_which_setting_opens_a_gateway()
    {
        int port = FreePort.Next();
        using IHost host = await StartAsync(silo =>
            silo.UsePostgresClustering(options => (options.AdvertisedAddress, options.SiloPort) = ("127.0.0.1", port))
                .UsePostgresStorage(options => options.ConnectionString = database.ConnectionString)
                .AddOrleansMemory()
        );

        TurnReceipt receipt = await AppendAsync(host, "clustered");
        SiloUnavailableException failure = await Assert.ThrowsAsync<SiloUnavailableException>(() =>
            ExternalClient.StartAsync(database.ConnectionString, gateways => gateways.ConnectTime = TimeSpan.FromMilliseconds(100))
        );

        Assert.Equal(1, receipt.Version);
        Assert.Contains(
            "OrleansMemory:Cluster:GatewayPort (PostgresClusterOptions.GatewayPort)",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.NotNull(failure.InnerException);
        await host.StopAsync();
    }

    private static async Task<IHost> StartAsync(Action<ISiloBuilder> configure)
    {
        int port = FreePort.Next();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        ManyHosts.LeaveOutDirectoryCache(builder.Services);
        builder.Logging.SetMinimumLevel(LogLevel.Error);

        // What the application sets holds although it is said before the default.
        builder.Services.Configure<EndpointOptions>(endpoint => endpoint.SiloPort = port);
        builder.UseOrleans(configure);
        builder.Services.AddOrleansMemoryClient();
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static Task<TurnReceipt> AppendAsync(IHost host, string conversation) =>
        host.Services.GetRequiredService<ConversationClient>().Get(conversation).AppendAsync([new ChatMessage(ChatRole.User, "hello")]);
}
