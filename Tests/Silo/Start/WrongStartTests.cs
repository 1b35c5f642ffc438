using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orleans.Configuration;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Silo.Hosting;
using OrleansMemory.Silo.Settings;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.Start;

/// <summary>Every start with a wrong setting ends in one line that names it, with exit code 1.</summary>
public sealed class WrongStartTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const string Secret = "hunter2";

    private static readonly (string, string) InMemory = ("OrleansMemory:Store:Kind", "Memory");

    public static TheoryData<string, string, string> WrongValues { get; } =
        new()
        {
            { "OrleansMemory:Store:Kind", "Mongo", "OrleansMemory:Store:Kind must be Auto or Postgres or Memory" },
            { "OrleansMemory:Store:DataFolder", "/dev/null/x", "OrleansMemory:Store:DataFolder" },
            { "OrleansMemory:ApiKeys:short", "a", "OrleansMemory:ApiKeys" },
            { "OrleansMemory:Http:MaxRequestBytes", "1", "OrleansMemory:Http:MaxRequestBytes must be" },
            { "OrleansMemory:Http:MaxRequestBytes", Secret, "OrleansMemory:Http:MaxRequestBytes must be a whole number" },
            { "OrleansMemory:Conversations:MaxEntries", "0", "OrleansMemory:Conversations:MaxEntries must be" },
            { "OrleansMemory:Expiry:Period", "00:00:01", "OrleansMemory:Expiry:Period must be" },
            { "OrleansMemory:Cluster:SiloPort", "70000", "OrleansMemory:Cluster:SiloPort must be" },
            { "ConnectionStrings:Postgres", Secret, "ConnectionStrings:Postgres is not an Npgsql connection string" },
            { "ConnectionStrings:Postgres", "postgres://u:" + Secret + "@127.0.0.1:x/d", "ConnectionStrings:Postgres is not a valid URI" },
            { "ConnectionStrings:Postgres", "postgres://u:" + Secret + "@no-such-host.invalid/d", "in ConnectionStrings:Postgres" },
            {
                "ConnectionStrings:Postgres",
                "Host=127.0.0.1;Port=1;Username=u;Password=" + Secret,
                "did not answer within 0.5 s (OrleansMemory:Postgres:StartWait)"
            },
            { "ASPNETCORE_URLS", "nowhere", "urls" },
        };

    [Theory]
    [MemberData(nameof(WrongValues))]
    public async Task A_wrong_value_is_named(string setting, string value, string line) =>
        await AssertNamedAsync(line, ("OrleansMemory:Postgres:StartWait", "00:00:00.5"), (setting, value));

    [Theory]
    [InlineData("OrleansMemory:Cluster:SiloPort")]
    [InlineData("OrleansMemory:Cluster:GatewayPort")]
    [InlineData("ASPNETCORE_URLS")]
    public async Task A_port_in_use_is_named(string setting)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        string port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        await AssertNamedAsync(setting, InMemory, (setting, setting == "ASPNETCORE_URLS" ? "http://127.0.0.1:" + port : port));
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_named()
    {
        string wrong = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = "nobody_made_it" }.ConnectionString;

        await AssertNamedAsync("has no database 'nobody_made_it'", ("ConnectionStrings:Postgres", wrong));
    }

    [Fact]
    public async Task An_account_that_is_refused_is_named_without_its_password()
    {
        string wrong = new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            Username = "nobody",
            Password = Secret,
        }.ConnectionString;

        await AssertNamedAsync("refuses the account 'nobody'", ("ConnectionStrings:Postgres", wrong));
    }

    [Fact]
    public async Task A_newer_schema_is_named()
    {
        await using (SiloRun first = SiloRun.Start(("ConnectionStrings:Postgres", database.ConnectionString)))
        {
            await first.ReadyAsync();
            Assert.Equal(0, await first.StopAsync());
        }

        await database.ExecuteAsync(
            "insert into orleans_memory.schema_version (number, name, checksum) select 9999, name, checksum from orleans_memory.schema_version limit 1"
        );

        await AssertNamedAsync("newer", ("ConnectionStrings:Postgres", database.ConnectionString));
    }

    [Theory]
    [InlineData("ProbeTimeout", "00:00:00")]
    [InlineData("IAmAliveTablePublishTimeout", "0")]
    [InlineData("MaxJoinAttemptTime", "0")]
    [InlineData("NumMissedProbesLimit", "-3")]
    public async Task A_failure_detection_that_cannot_work_is_named(string setting, string value) =>
        await AssertNamedAsync(
            $"OrleansMemory:Cluster:FailureDetection:{setting} must be",
            ("ConnectionStrings:Postgres", database.ConnectionString),
            ("OrleansMemory:Postgres:Schema", "failure_detection"),
            ("OrleansMemory:Cluster:Membership", "Postgres"),
            ("OrleansMemory:Cluster:AdvertisedAddress", "127.0.0.1"),
            ($"OrleansMemory:Cluster:FailureDetection:{setting}", value)
        );

    [Theory]
    [InlineData("10.1.2.3", "false")]
    [InlineData("127.0.0.1", "true")]
    public async Task Ports_in_plaintext_that_other_machines_reach_are_named_with_what_would_be_right(
        string address,
        string listensOnAny
    ) =>
        await AssertNamedAsync(
            "Set OrleansMemory:Cluster:Tls:CertificatePath and OrleansMemory:Cluster:Tls:AuthorityPath, so that every peer needs a certificate; or, where the network itself encrypts and keeps others out, "
                + "OrleansMemory:Cluster:AllowPlaintext to true; or, for silos of one machine, OrleansMemory:Cluster:AdvertisedAddress to 127.0.0.1.",
            ("ConnectionStrings:Postgres", "Host=127.0.0.1;Port=1;Password=" + Secret),
            ("OrleansMemory:Cluster:Membership", "Postgres"),
            ("OrleansMemory:Cluster:AdvertisedAddress", address),
            ("OrleansMemory:Cluster:ListenOnAnyAddress", listensOnAny)
        );

    [Theory]
    [InlineData("Localhost")]
    [InlineData("Postgres")]
    public async Task A_certificate_that_is_not_there_is_named(string membership) =>
        await AssertNamedAsync(
            "OrleansMemory:Cluster:Tls:CertificatePath names a file that does not exist.",
            ("ConnectionStrings:Postgres", database.ConnectionString),
            ("OrleansMemory:Postgres:Schema", "no_certificate"),
            ("OrleansMemory:Cluster:Membership", membership),
            ("OrleansMemory:Cluster:AdvertisedAddress", "127.0.0.1"),
            ("OrleansMemory:Cluster:Tls:CertificatePath", "/nowhere/" + Secret),
            ("OrleansMemory:Cluster:Tls:AuthorityPath", "/nowhere/authority.pem")
        );

    [Fact]
    public void Every_number_and_duration_of_a_failure_detection_is_greater_than_0()
    {
        var check = new FailureDetectionCheck();
        Assert.True(check.Validate(null, new ClusterMembershipOptions()).Succeeded);
        int checkedSettings = 0;
        foreach (
            KnownSetting known in KnownSetting
                .Root()
                .Values.Where(known => known.Path.Contains(":FailureDetection:", StringComparison.Ordinal))
        )
        {
            string[] wrong =
                known.Value == typeof(TimeSpan) ? ["0", "-1", "00:00:00", "-00:00:01", "10000.00:00:00"]
                : known.Value == typeof(int) ? ["0", "-1"]
                : [];
            string name = known.Path[(known.Path.LastIndexOf(':') + 1)..];
            foreach (string value in wrong)
            {
                var options = new ClusterMembershipOptions();
                new ConfigurationBuilder().AddInMemoryCollection([new(name, value)]).Build().Bind(options);

                // Others may go by it where they are not set.
                Assert.Contains(
                    check.Validate(null, options).Failures!,
                    failure => failure.StartsWith(known.Path + " must be", StringComparison.Ordinal)
                );
                checkedSettings++;
            }
        }

        Assert.True(checkedSettings > 20, $"{checkedSettings}");
    }

    [Fact]
    public void Whatever_Orleans_refuses_of_a_failure_detection_is_one_line_that_names_the_setting()
    {
        string[] values = ["0", "-1", "1000000", "00:00:00", "-00:00:01", "00:00:00.0010000", "10000.00:00:00"];
        int refused = 0;
        foreach (
            KnownSetting known in KnownSetting
                .Root()
                .Values.Where(known => known.Path.Contains(":FailureDetection:", StringComparison.Ordinal))
        )
        {
            foreach (
                string value in values.Where(value =>
                    known.Value == (value.Contains(':', StringComparison.Ordinal) ? typeof(TimeSpan) : typeof(int))
                )
            )
            {
                string name = known.Path[(known.Path.LastIndexOf(':') + 1)..];
                HostApplicationBuilder builder = Host.CreateApplicationBuilder();
                builder.Configuration.AddInMemoryCollection([new(name, value)]);
                builder.UseOrleans(silo =>
                {
                    ManyHosts.LeaveOutDirectoryCache(silo.Services);
                    silo.AddOrleansMemory()
                        .UsePostgresStorage(store => store.ConnectionString = "Host=localhost")
                        .UsePostgresClustering(cluster => cluster.AllowPlaintext = true);
                    silo.Services.Configure<ClusterMembershipOptions>(builder.Configuration);
                });
                using IHost host = builder.Build();
                Exception? failure = Record.Exception(() =>
                    host.Services.GetServices<IConfigurationValidator>().ToList().ForEach(validator => validator.ValidateConfiguration())
                );
                if (failure is not null)
                {
                    refused++;
                    string? line = StartFailure.Describe(failure);
                    Assert.True(
                        line?.Contains("OrleansMemory:Cluster:FailureDetection:", StringComparison.Ordinal),
                        $"{known.Path}={value}: {line ?? failure.ToString()}"
                    );
                    Assert.DoesNotContain('\n', line!);
                }
            }
        }

        Assert.True(refused > 5, $"{refused}");
    }

    private static async Task AssertNamedAsync(string line, params (string Name, string Value)[] settings)
    {
        await using SiloRun silo = SiloRun.Start(settings);

        Assert.Equal(1, await silo.EndAsync());
        string said = Assert.Single(silo.Errors);
        Assert.Contains(line, said, StringComparison.Ordinal);
        Assert.DoesNotContain(
            silo.Lines.Concat(silo.Errors),
            text => text.Contains(Secret, StringComparison.Ordinal) || text.Contains("   at ", StringComparison.Ordinal)
        );
    }
}
