using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Configuration;
using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Hosting;

namespace OrleansMemory.Tests.Cluster;

/// <summary>A client outside of every silo, which finds their gateways in PostgreSQL.</summary>
internal sealed class ExternalClient : IAsyncDisposable
{
    private readonly IHost _host;

    private ExternalClient(IHost host) => _host = host;

    /// <summary>How long it waits for an answer.</summary>
    public static TimeSpan ResponseTimeout { get; } = TimeSpan.FromSeconds(5);

    public ConversationClient Conversations => _host.Services.GetRequiredService<ConversationClient>();

    public static async Task<ExternalClient> StartAsync(string connectionString)
    {
        var ids = new PostgresClusterOptions();
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddOrleansMemoryClient();
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (ids.ClusterId, ids.ServiceId));
            client.UseAdoNetClustering((AdoNetClusteringClientOptions options) =>
            {
                options.Invariant = "Npgsql";
                options.ConnectionString = new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = "orleans_memory" }.ConnectionString;
            });
            client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1));
            client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = ResponseTimeout);
        });
        IHost host = builder.Build();
        await host.StartAsync();
        return new ExternalClient(host);
    }

    public IConversationGrain Grain(string tenant, string id) =>
        _host.Services.GetRequiredService<IGrainFactory>().GetGrain<IConversationGrain>(ConversationKey.Create(tenant, id).ToString());

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
