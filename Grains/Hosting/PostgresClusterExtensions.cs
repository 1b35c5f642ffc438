using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansMemory.Certificates;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Clustering;

namespace OrleansMemory.Grains.Hosting;

/// <summary>Makes a silo a member of a cluster in PostgreSQL.</summary>
public static class PostgresClusterExtensions
{
    /// <summary>
    /// A silo says this often to Orleans that it is alive, and is out of date for it after three times that; Orleans' own 30 seconds would
    /// make it minutes. Members that died before a start are found by <see cref="MemberProof"/>; this is for those that die while a silo
    /// joins.
    /// </summary>
    private static readonly TimeSpan AlivePeriod = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Joins the cluster whose members are listed in the database that <see cref="OrleansMemorySiloBuilderExtensions.UsePostgresStorage"/>
    /// names. The silo joins after the schema was migrated, and after every listed member has shown that it writes to this database: one
    /// that does not, for up to 15 seconds, is declared dead there, so that silos on a copy of a database are a cluster of their own. The
    /// two calls may be made in any order. On an address other than the loopback the silo starts only with
    /// <see cref="PostgresClusterOptions.Tls"/> or <see cref="PostgresClusterOptions.AllowPlaintext"/>.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Sets this silo's place; <see langword="null"/> keeps the defaults.</param>
    /// <returns>The silo.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <example>
    /// <code>
    /// // The same in every process: the silos find each other in the database.
    /// builder.UseOrleans(silo =&gt; silo
    ///     .AddOrleansMemory()
    ///     .UsePostgresStorage(store =&gt; store.ConnectionString = connectionString)
    ///     .UsePostgresClustering(cluster =&gt;
    ///     {
    ///         cluster.Tls.CertificatePath = "/certificates/silo.pem";
    ///         cluster.Tls.AuthorityPath = "/certificates/authority.pem";
    ///     }));
    /// </code>
    /// </example>
    public static ISiloBuilder UsePostgresClustering(this ISiloBuilder builder, Action<PostgresClusterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        OptionsBuilder<PostgresClusterOptions> options = services
            .AddOptions<PostgresClusterOptions>()
            .ValidateDataAnnotations()
            .ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        if (services.Any(service => service.ServiceType == typeof(ClusterMembers)))
        {
            return builder;
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PostgresClusterOptions>, PostgresClusterOptionsValidator>());
        RegistrationRequirement.Add(services);
        services
            .AddOptions<ClusterOptions>()
            .Configure<IOptions<PostgresClusterOptions>>(
                (cluster, ours) =>
                {
                    cluster.ClusterId = ours.Value.ClusterId;
                    cluster.ServiceId = ours.Value.ServiceId;
                }
            );
        services
            .AddOptions<EndpointOptions>()
            .Configure<IOptions<PostgresClusterOptions>>((endpoint, ours) => Listen(endpoint, ours.Value));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EndpointOptions>, PlaintextCheck>());
        builder.UseClusterTls(static provider => provider.GetRequiredService<IOptions<PostgresClusterOptions>>().Value.Tls);
        services.AddSingleton<ClusterMembers>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, StartupSteps>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupStep, MemberProof>());
        services.TryAddSingleton<SiloLease>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ILifecycleParticipant<ISiloLifecycle>, MemberBeat>());
        services.Configure<ClusterMembershipOptions>(membership => membership.IAmAliveTablePublishTimeout = AlivePeriod);
        builder.UseAdoNetClustering(clustering =>
            clustering.Configure<IOptions<PostgresStorageOptions>>(
                (provider, store) =>
                {
                    provider.Invariant = ProviderConnection.Invariant;
                    provider.ConnectionString = ProviderConnection.Make(store.Value);
                }
            )
        );

        // A question to the directory that is lost with a connection is missed only when it is given up, and all calls of its grain wait
        // behind it: 30 s otherwise, for a grain that is looked for and for a new activation that makes itself known.
        builder.Configure<SiloMessagingOptions>(static messaging =>
            (messaging.PlacementTimeout, messaging.SystemResponseTimeout) = (LostAfter, LostAfter)
        );

        // Orleans' older directory may have two activations of a conversation for a moment when a silo dies that knew of the first
        // (decision 0023).
#pragma warning disable ORLEANSEXP003 // Said to be experimental; it is what replaces the other one.
        builder.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        builder.Configure<GrainDirectoryOptions>(static directory => directory.RangeLeaseDuration = TimeSpan.Zero);

        // Where the time is missing, so is what the start names as missing.
        services.Decorate<IMembershipTable>(
            static (provider, table) =>
                provider.GetService<DatabaseTime>() is { } time
                    ? new ClockedMembershipTable(
                        table,
                        time,
                        provider.GetRequiredService<IOptions<ClockOptions>>(),
                        provider.GetRequiredService<ILogger<ClockedMembershipTable>>()
                    )
                    : table
        );
        return builder;
    }

    private static void Listen(EndpointOptions endpoint, PostgresClusterOptions ours)
    {
        IPAddress advertised = Resolve(ours.AdvertisedAddress);
        IPAddress listening =
            !ours.ListenOnAnyAddress ? advertised
            : advertised.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any
            : IPAddress.Any;
        endpoint.AdvertisedIPAddress = advertised;
        endpoint.SiloPort = ours.SiloPort;
        endpoint.GatewayPort = ours.GatewayPort;
        endpoint.SiloListeningEndpoint = new IPEndPoint(listening, ours.SiloPort);
        endpoint.GatewayListeningEndpoint = ours.GatewayPort == 0 ? null : new IPEndPoint(listening, ours.GatewayPort);
    }

    private static IPAddress Resolve(string? advertised)
    {
        if (IPAddress.TryParse(advertised, out IPAddress? address))
        {
            return address;
        }

        IEnumerable<IPAddress> candidates = advertised is null ? OwnAddresses() : Dns.GetHostAddresses(advertised);
        return candidates
                .OrderBy(candidate => candidate.AddressFamily)
                .FirstOrDefault(candidate => candidate.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)
            ?? throw new InvalidOperationException(
                "No address was found at which other silos reach this one. Set PostgresClusterOptions.AdvertisedAddress to one."
            );
    }

    private static IEnumerable<IPAddress> OwnAddresses() =>
        NetworkInterface
            .GetAllNetworkInterfaces()
            .Where(device => device.OperationalStatus == OperationalStatus.Up)
            .SelectMany(device => device.GetIPProperties().UnicastAddresses)
            .Select(own => own.Address)
            .Where(own => own.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(own));
}
