using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// Makes a silo for which no membership was chosen a cluster of one on the loopback, its gateway closed. Orleans takes the membership table
/// that was registered last: this one is registered only where there is none, and any later choice replaces it and leaves ports and ids to
/// whoever made it.
/// </summary>
/// <param name="services">The silo's services.</param>
/// <param name="ours">The default's membership table.</param>
internal sealed class LocalhostDefault(IServiceCollection services, ServiceDescriptor ours)
{
    // Asked when options are made, after the last registration.
    private bool IsInEffect => ReferenceEquals(services.Last(IsMembership), ours);

    /// <summary>Adds the default, unless membership was chosen before.</summary>
    public static void Add(ISiloBuilder builder)
    {
        IServiceCollection services = builder.Services;
        if (services.Any(IsMembership))
        {
            return;
        }

        builder.UseDevelopmentClustering((IPEndPoint?)null);
        var chosen = new LocalhostDefault(services, services.Last(IsMembership));

        // They stand first, so that what the application sets, before or after this call, overrides them.
        services.Insert(
            0,
            ServiceDescriptor.Singleton<IConfigureOptions<EndpointOptions>>(new ConfigureOptions<EndpointOptions>(chosen.Listen))
        );
        services.Insert(
            0,
            ServiceDescriptor.Singleton<IConfigureOptions<ClusterOptions>>(new ConfigureOptions<ClusterOptions>(chosen.Name))
        );
    }

    private static bool IsMembership(ServiceDescriptor service) => service.ServiceType == typeof(IMembershipTable);

    private void Listen(EndpointOptions endpoint)
    {
        if (IsInEffect)
        {
            endpoint.AdvertisedIPAddress = IPAddress.Loopback;
            endpoint.GatewayPort = 0;
        }
    }

    private void Name(ClusterOptions cluster)
    {
        if (IsInEffect)
        {
            // Those of a cluster in PostgreSQL that may take over later: reminders and grain states belong to them.
            cluster.ClusterId = PostgresClusterOptions.DefaultId;
            cluster.ServiceId = PostgresClusterOptions.DefaultId;
        }
    }
}
