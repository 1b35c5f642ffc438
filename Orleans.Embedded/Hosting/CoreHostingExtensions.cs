using System.Net;

namespace Orleans.Hosting;

/// <summary>Clustering steps that mean nothing to the embedded host and are accepted so that one start-up code serves both hosts.</summary>
public static class CoreHostingExtensions
{
    /// <summary>Does nothing: the embedded host has no cluster, listens on no port and needs no identity.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="siloPort">Not used.</param>
    /// <param name="gatewayPort">Not used.</param>
    /// <param name="primarySiloEndpoint">Not used.</param>
    /// <param name="serviceId">Not used.</param>
    /// <param name="clusterId">Not used.</param>
    /// <returns>The builder.</returns>
    public static ISiloBuilder UseLocalhostClustering(
        this ISiloBuilder builder,
        int siloPort = 11111,
        int gatewayPort = 30000,
        IPEndPoint? primarySiloEndpoint = null,
        string serviceId = "dev",
        string clusterId = "dev") => builder;
}
