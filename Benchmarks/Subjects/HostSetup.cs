using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using OrleansMemory.Grains.Hosting;

namespace OrleansMemory.Benchmarks.Subjects;

/// <summary>The host of the grains in this build: Orleans, its members in the run's own tables.</summary>
internal static class HostSetup
{
    /// <summary>The part of the raw group commit that DESIGN section 8 asks of this host.</summary>
    public const double AppendsToReach = 0.35;

    /// <summary>How many times the single commits DESIGN section 8 asks of this host; <see langword="null"/> where it asks nothing.</summary>
    public static readonly double? SingleCommitsToReach = null;

    /// <summary>Hosts grains.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="configure">Adds what the grains need.</param>
    public static void AddGrainHost(this IHostApplicationBuilder builder, Action<ISiloBuilder> configure)
    {
        (int silo, int gateway) = FreePorts();
        builder.UseOrleans(host =>
        {
            configure(host);
            host.UsePostgresClustering(options =>
            {
                options.AdvertisedAddress = IPAddress.Loopback.ToString();
                options.SiloPort = silo;
                options.GatewayPort = gateway;
            });
        });
    }

    private static (int Silo, int Gateway) FreePorts()
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        using var second = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        return (((IPEndPoint)first.LocalEndpoint).Port, ((IPEndPoint)second.LocalEndpoint).Port);
    }
}
