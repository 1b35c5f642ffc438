using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using OrleansMemory.Client;
using OrleansMemory.Client.Postgres;

namespace OrleansMemory.Tests.Clustering;

/// <summary>An application that hosts no grains and reaches the silos of a cluster over their gateways.</summary>
internal sealed class ExternalClient : IAsyncDisposable
{
    private readonly IHost _host;

    private ExternalClient(IHost host) => _host = host;

    /// <summary>How long it waits for an answer: one that was lost with its gateway is missed only then.</summary>
    public static TimeSpan ResponseTimeout { get; } = TimeSpan.FromSeconds(5);

    public ConversationClient Conversations => _host.Services.GetRequiredService<ConversationClient>();

    /// <summary>Starts a client; it waits for the first silo.</summary>
    /// <param name="connectionString">The silos' database.</param>
    /// <param name="configure">Changes where silos are looked for.</param>
    public static async Task<ExternalClient> StartAsync(string connectionString, Action<PostgresGatewayOptions>? configure = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.AddOrleansMemoryClusterClient(gateways =>
        {
            gateways.ConnectionString = connectionString;
            gateways.RefreshInterval = TimeSpan.FromSeconds(1);
            configure?.Invoke(gateways);
        });
        builder.Services.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = ResponseTimeout);
        var client = new ExternalClient(builder.Build());
        try
        {
            await client._host.StartAsync();
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
