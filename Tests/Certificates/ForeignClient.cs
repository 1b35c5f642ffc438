using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using OrleansMemory.Client.Postgres;
using OrleansMemory.Conversations;
using OrleansMemory.Tenants;

namespace OrleansMemory.Tests.Certificates;

/// <summary>
/// What somebody writes who has found an open gateway: it reads another tenant's conversation, and plants a key of its own there.
/// </summary>
internal static class ForeignClient
{
    public const string Tenant = "victim";
    public const string Conversation = "private";
    public const string PlantedKey = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00";

    /// <summary>Attacks the cluster of a database.</summary>
    /// <param name="connectionString">Where the gateways are listed.</param>
    /// <param name="gateways">Changes how they are reached.</param>
    /// <param name="client">Adds to the client.</param>
    /// <returns>What it has read.</returns>
    public static async Task<string> AttackAsync(
        string connectionString,
        Action<PostgresGatewayOptions>? gateways = null,
        Action<IClientBuilder>? client = null
    )
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleansClient(orleans =>
        {
            orleans.UsePostgresGateways(options =>
            {
                (options.ConnectionString, options.ConnectTime) = (connectionString, TimeSpan.FromSeconds(1));
                gateways?.Invoke(options);
            });
            orleans.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(5));
            client?.Invoke(orleans);
        });
        using IHost host = builder.Build();
        await host.StartAsync();
        try
        {
            IGrainFactory grains = host.Services.GetRequiredService<IGrainFactory>();
            MessagePage page = await grains
                .GetGrain<IConversationGrain>(ConversationKey.Create(Tenant, Conversation).ToString())
                .GetMessagesAsync(new MessageQuery());
            await grains
                .GetGrain<ITenantGrain>(TenantKey.Create(Tenant).ToString())
                .SetAsync(new TenantSettings { ApiKeyHashes = [PlantedKey] });
            return page.Messages[0].Contents;
        }
        finally
        {
            await host.StopAsync();
        }
    }
}
