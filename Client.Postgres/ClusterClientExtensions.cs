using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansMemory.Certificates;

namespace OrleansMemory.Client.Postgres;

/// <summary>Makes an application an external client of a cluster.</summary>
public static class ClusterClientExtensions
{
    private const string Invariant = "Npgsql";
    private const string SearchPath = "Search Path";
    private const string MaxPoolSize = "Maximum Pool Size";

    // The list of silos is read by one call at a time; the second is for a read that has not ended when the next begins.
    private const int MaxConnections = 2;

    /// <summary>
    /// Makes <see cref="ConversationClient"/> available in an application that hosts no grains: its calls go to the silos that are listed
    /// in PostgreSQL. The application starts once a silo with an open gateway was found, and fails to start with a
    /// <see cref="SiloUnavailableException"/> when there is none within <see cref="PostgresGatewayOptions.ConnectTime"/>. A silo that goes
    /// is left out, a new one is found; calls that failed in between are repeated, as <see cref="ConversationClientOptions"/> say.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="gateways">Says where the silos are listed.</param>
    /// <param name="client">Sets options of the client; <see langword="null"/> leaves them as they are.</param>
    /// <returns>The application.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="gateways"/> is null.</exception>
    /// <example>
    /// <code>
    /// builder.AddOrleansMemoryClusterClient(gateways =&gt; gateways.ConnectionString = connectionString);
    /// </code>
    /// </example>
    public static IHostApplicationBuilder AddOrleansMemoryClusterClient(
        this IHostApplicationBuilder builder,
        Action<PostgresGatewayOptions> gateways,
        Action<ConversationClientOptions>? client = null
    )
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
        services
            .AddOptions<ClusterOptions>()
            .Configure<IOptions<PostgresGatewayOptions>>(
                (cluster, ours) =>
                {
                    cluster.ClusterId = ours.Value.ClusterId;
                    cluster.ServiceId = ours.Value.ServiceId;
                }
            );
        services
            .AddOptions<GatewayOptions>()
            .Configure<IOptions<PostgresGatewayOptions>>((gateway, ours) => gateway.GatewayListRefreshPeriod = ours.Value.RefreshInterval);
        services.TryAddSingleton(TimeProvider.System);
        services.RemoveAll<IClientConnectionRetryFilter>();
        services.AddSingleton<IClientConnectionRetryFilter, ConnectionRetry>();
        builder.UseClusterTls(static provider => provider.GetRequiredService<IOptions<PostgresGatewayOptions>>().Value.Tls);
        return builder.UseAdoNetClustering(clustering =>
            clustering.Configure<IOptions<PostgresGatewayOptions>>(
                (provider, ours) =>
                {
                    provider.Invariant = Invariant;
                    provider.ConnectionString = ConnectionString(ours.Value);
                }
            )
        );
    }

    /// <summary>
    /// The connection string with the silos' schema on its search path, since the provider's statements name tables without one, and with a
    /// bounded pool.
    /// </summary>
    private static string ConnectionString(PostgresGatewayOptions options)
    {
        var builder = new DbConnectionStringBuilder { ConnectionString = options.ConnectionString };
        builder.Remove("SearchPath");
        builder[SearchPath] = options.Schema;
        builder.Remove("MaxPoolSize");
        builder[MaxPoolSize] = MaxConnections;
        return builder.ConnectionString;
    }
}
