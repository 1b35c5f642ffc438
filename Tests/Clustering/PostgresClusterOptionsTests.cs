using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansMemory.Client.Postgres;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Clustering;

public sealed class PostgresClusterOptionsTests
{
    public static TheoryData<string, Action<PostgresClusterOptions>> Rules { get; } =
        new()
        {
            { "ClusterId must be", options => options.ClusterId = "" },
            { "ClusterId must be", options => options.ClusterId = new string('c', 151) },
            { "ServiceId must be", options => options.ServiceId = "" },
            { "SiloPort must be", options => options.SiloPort = 0 },
            { "GatewayPort must be", options => options.GatewayPort = 65_536 },
            { "SiloPort and GatewayPort must differ", options => options.GatewayPort = options.SiloPort },
            { "AdvertisedAddress must be an IP address or the name", options => options.AdvertisedAddress = "no name" },
            { "AdvertisedAddress must be one address", options => options.AdvertisedAddress = "0.0.0.0" },
            { "would be in plaintext", options => options.AdvertisedAddress = "10.1.2.3" },
            { "would be in plaintext", options => (options.AdvertisedAddress, options.ListenOnAnyAddress) = ("127.0.0.1", true) },
            { "PostgresClusterOptions.AllowPlaintext", options => (options.AdvertisedAddress, options.ListenOnAnyAddress) = ("::1", true) },
        };

    public static TheoryData<string, Action<PostgresGatewayOptions>> GatewayRules { get; } =
        new()
        {
            { "ConnectionString is missing", options => options.ConnectionString = "" },
            { "Schema must be", options => options.Schema = "Upper" },
            { "ClusterId must be", options => options.ClusterId = "" },
            { "ServiceId must be", options => options.ServiceId = "" },
            { "RefreshInterval must be", options => options.RefreshInterval = TimeSpan.Zero },
            { "ConnectTime must be", options => options.ConnectTime = TimeSpan.FromDays(2) },
        };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Option_out_of_range_fails_with_its_rule(string message, Action<PostgresClusterOptions> configure)
    {
        OptionsValidationException failure = Assert.Throws<OptionsValidationException>(() =>
            Build(silo =>
                silo.AddOrleansMemory()
                    .UsePostgresStorage(options => options.ConnectionString = "Host=nowhere.invalid")
                    .UsePostgresClustering(configure)
            )
                .Services.GetRequiredService<IOptions<EndpointOptions>>()
                .Value
        );

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Questions_to_the_directory_are_given_up_after_five_seconds_unless_the_host_says_otherwise()
    {
        SiloMessagingOptions ours = Messaging(static _ => { });
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5)), (ours.PlacementTimeout, ours.SystemResponseTimeout));
        SiloMessagingOptions given = Messaging(static silo =>
            silo.Configure<SiloMessagingOptions>(options =>
                (options.PlacementTimeout, options.SystemResponseTimeout) = (TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(8))
            )
        );
        Assert.Equal((TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(8)), (given.PlacementTimeout, given.SystemResponseTimeout));

        static SiloMessagingOptions Messaging(Action<ISiloBuilder> configure) =>
            Build(silo =>
            {
                silo.AddOrleansMemory()
                    .UsePostgresStorage(options => options.ConnectionString = "Host=nowhere.invalid")
                    .UsePostgresClustering(_ => { });
                configure(silo);
            })
                .Services.GetRequiredService<IOptions<SiloMessagingOptions>>()
                .Value;
    }

    [Fact]
    public void Ports_in_plaintext_stay_on_the_loopback_unless_the_host_says_otherwise_and_the_gateway_is_closed_unless_it_opens_it()
    {
        EndpointOptions own = Endpoint(static options => options.AdvertisedAddress = "127.0.0.1");
        Assert.Equal(("127.0.0.1:11111", 0, null), (own.SiloListeningEndpoint?.ToString(), own.GatewayPort, own.GatewayListeningEndpoint));
        Assert.Equal(
            "127.0.0.1:30000",
            Endpoint(static options => (options.AdvertisedAddress, options.GatewayPort) = ("127.0.0.1", 30_000))
                .GatewayListeningEndpoint?.ToString()
        );
        Assert.Equal(
            "10.1.2.3:11111",
            Endpoint(static options => (options.AdvertisedAddress, options.AllowPlaintext) = ("10.1.2.3", true))
                .SiloListeningEndpoint?.ToString()
        );
        Assert.Equal(
            "10.1.2.3:11111",
            Endpoint(static options => (options.AdvertisedAddress, options.Tls.CertificatePath) = ("10.1.2.3", "silo.pem"))
                .SiloListeningEndpoint?.ToString()
        );

        // What the host sets at Orleans itself is looked at as well.
        Assert.Throws<OptionsValidationException>(() =>
            Build(static silo =>
                silo.AddOrleansMemory()
                    .UsePostgresStorage(options => options.ConnectionString = "Host=nowhere.invalid")
                    .UsePostgresClustering(options => options.AdvertisedAddress = "127.0.0.1")
                    .Configure<EndpointOptions>(endpoint => endpoint.SiloListeningEndpoint = new(System.Net.IPAddress.Any, 11_111))
            )
                .Services.GetRequiredService<IOptions<EndpointOptions>>()
                .Value
        );

        static EndpointOptions Endpoint(Action<PostgresClusterOptions> configure) =>
            Build(silo =>
                silo.AddOrleansMemory()
                    .UsePostgresStorage(options => options.ConnectionString = "Host=nowhere.invalid")
                    .UsePostgresClustering(configure)
            )
                .Services.GetRequiredService<IOptions<EndpointOptions>>()
                .Value;
    }

    [Theory]
    [MemberData(nameof(GatewayRules))]
    public void Option_of_a_client_out_of_range_fails_with_its_rule(string message, Action<PostgresGatewayOptions> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        ManyHosts.LeaveOutDirectoryCache(builder.Services);
        builder.AddOrleansMemoryClusterClient(options =>
        {
            options.ConnectionString = "Host=nowhere.invalid";
            configure(options);
        });
        using IHost host = builder.Build();

        OptionsValidationException failure = Assert.Throws<OptionsValidationException>(() =>
            host.Services.GetRequiredService<IOptions<ClusterOptions>>().Value
        );

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Providers_are_given_our_schema_on_the_search_path_and_our_place_in_the_cluster()
    {
        using IHost host = Build(silo =>
            silo.AddOrleansMemory()
                .UsePostgresStorage(options =>
                {
                    options.ConnectionString = "Host=db;Search Path=elsewhere";
                    options.Schema = "ours";
                })
                .UsePostgresClustering(options =>
                {
                    options.ClusterId = "blue";
                    options.AdvertisedAddress = "10.1.2.3";
                    options.ListenOnAnyAddress = true;
                    options.GatewayPort = 0;
                    options.AllowPlaintext = true;
                })
        );

        AdoNetClusteringSiloOptions clustering = host.Services.GetRequiredService<IOptions<AdoNetClusteringSiloOptions>>().Value;
        EndpointOptions endpoint = host.Services.GetRequiredService<IOptions<EndpointOptions>>().Value;
        ClusterOptions cluster = host.Services.GetRequiredService<IOptions<ClusterOptions>>().Value;

        Assert.Equal("Npgsql", clustering.Invariant);
        Assert.Contains("Search Path=ours", clustering.ConnectionString, StringComparison.Ordinal);
        Assert.DoesNotContain("elsewhere", clustering.ConnectionString, StringComparison.Ordinal);
        Assert.Equal(
            clustering.ConnectionString,
            host.Services.GetRequiredService<IOptions<AdoNetReminderTableOptions>>().Value.ConnectionString
        );
        Assert.Equal(
            ("10.1.2.3", "0.0.0.0:11111", null),
            (endpoint.AdvertisedIPAddress!.ToString(), endpoint.SiloListeningEndpoint?.ToString(), endpoint.GatewayListeningEndpoint)
        );
        Assert.Equal(("blue", "orleans-memory"), (cluster.ClusterId, cluster.ServiceId));
    }

    private static IHost Build(Action<ISiloBuilder> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        ManyHosts.LeaveOutDirectoryCache(builder.Services);
        builder.UseOrleans(configure);
        return builder.Build();
    }
}
