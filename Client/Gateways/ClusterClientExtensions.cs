using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansMemory.Client.Retries;

namespace OrleansMemory.Client;

/// <summary>Makes an application an external client of a cluster.</summary>
public static class ClusterClientExtensions
{
    private const string Invariant = "Npgsql";
    private const string SearchPath = "Search Path";

    /// <summary>
    /// Makes <see cref="ConversationClient"/> available in an application that hosts no grains: its calls go to the silos that are listed in PostgreSQL. The
    /// application starts once a silo was found. A silo that goes is left out, a new one is found; calls that failed in between are repeated, as
    /// <see cref="ConversationClientOptions"/> say.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="gateways">Says where the silos are listed.</param>
    /// <param name="client">Sets options of the client; <see langword="null"/> leaves them as they are.</param>
    /// <returns>The application.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="gateways"/> is null.</exception>
    public static IHostApplicationBuilder AddOrleansMemoryClusterClient(
        this IHostApplicationBuilder builder, Action<PostgresGatewayOptions> gateways, Action<ConversationClientOptions>? client = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(gateways);
        builder.UseOrleansClient(orleans => orleans.UsePostgresGateways(gateways));
        builder.Services.AddOrleansMemoryClient(client);
        return builder;
    }

    /// <summary>Has an Orleans client find its silos in PostgreSQL, and wait for the first one when it starts.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="configure">Says where the silos are listed.</param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IClientBuilder UsePostgresGateways(this IClientBuilder builder, Action<PostgresGatewayOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        IServiceCollection services = builder.Services;
        services.AddOptions<PostgresGatewayOptions>().Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ClusterOptions>().Configure<IOptions<PostgresGatewayOptions>>((cluster, ours) =>
        {
            cluster.ClusterId = ours.Value.ClusterId;
            cluster.ServiceId = ours.Value.ServiceId;
        });
        services.AddOptions<GatewayOptions>()
            .Configure<IOptions<PostgresGatewayOptions>>((gateway, ours) => gateway.GatewayListRefreshPeriod = ours.Value.RefreshInterval);
        services.TryAddSingleton(TimeProvider.System);
        services.RemoveAll<IClientConnectionRetryFilter>();
        services.AddSingleton<IClientConnectionRetryFilter, ConnectionRetry>();
        return builder.UseAdoNetClustering(clustering => clustering.Configure<IOptions<PostgresGatewayOptions>>((provider, ours) =>
        {
            provider.Invariant = Invariant;
            provider.ConnectionString = ConnectionString(ours.Value);
        }));
    }

    /// <summary>The connection string with the silos' schema on its search path: the provider's statements name tables without one.</summary>
    private static string ConnectionString(PostgresGatewayOptions options)
    {
        var builder = new DbConnectionStringBuilder { ConnectionString = options.ConnectionString };
        builder.Remove("SearchPath");
        builder[SearchPath] = options.Schema;
        return builder.ConnectionString;
    }
}
