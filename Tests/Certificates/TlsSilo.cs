using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Metadata;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.Certificates;

/// <summary>A silo in this process that listens on real sockets, as a host of an application's own has it.</summary>
internal sealed class TlsSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private TlsSilo(IHost host, PostgresClusterOptions place) => (_host, Place) = (host, place);

    public PostgresClusterOptions Place { get; }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public SiloAddress Address => _host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

    /// <summary>
    /// Starts a silo on the loopback, which must succeed: Orleans stops no silo that has not started whole, and its parts would run on
    /// without end.
    /// </summary>
    /// <param name="connectionString">The database of its cluster.</param>
    /// <param name="configure">Changes its place.</param>
    public static async Task<TlsSilo> StartAsync(string connectionString, Action<PostgresClusterOptions> configure)
    {
        var place = new PostgresClusterOptions();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.None);
        (int siloPort, int gatewayPort) = (FreePort.Next(), FreePort.Next());
        builder.UseOrleans(orleans =>
        {
            orleans
                .AddOrleansMemory()
                .UsePostgresStorage(store => store.ConnectionString = connectionString)
                .UsePostgresClustering(options =>
                {
                    (options.AdvertisedAddress, options.SiloPort, options.GatewayPort) = ("127.0.0.1", siloPort, gatewayPort);
                    configure(options);
                    place = options;
                });
            ManyHosts.Share(orleans.Services);
        });
        IHost host = builder.Build();
        await host.StartAsync();
        return new TlsSilo(host, place);
    }

    /// <summary>Waits until this silo may place grains on so many.</summary>
    public async Task WhenKnownAsync(int silos)
    {
        await foreach (ClusterManifest manifest in _host.Services.GetRequiredService<IClusterManifestProvider>().Updates)
        {
            if (manifest.Silos.Count == silos)
            {
                return;
            }
        }
    }

    /// <summary>How the silos of the cluster are, as this one sees them.</summary>
    public async Task<string> StatusesAsync() =>
        string.Join(
            ',',
            (await Grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true))
                .Values.Select(status => status.ToString())
                .Order(StringComparer.Ordinal)
        );

    public async ValueTask DisposeAsync()
    {
        using var hurry = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await _host.StopAsync(hurry.Token);
        }
        finally
        {
            _host.Dispose();
        }
    }

    public override string ToString() => Place.SiloPort.ToString(CultureInfo.InvariantCulture);
}
