using Microsoft.Extensions.AI;
using Orleans.Connections.Security;
using Orleans.Runtime.Messaging;
using Orleans.Runtime.Placement;
using OrleansMemory.Certificates;
using OrleansMemory.Client.Postgres;
using OrleansMemory.Conversations;
using OrleansMemory.Tenants;
using OrleansMemory.Tests.Clustering;
using OrleansMemory.Tests.Silo.Start;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Certificates;

/// <summary>Who is let in at the ports of a cluster whose silos have certificates, and who is not.</summary>
public sealed class ClusterTlsTests(ClusterTlsTests.Cluster cluster) : IClassFixture<ClusterTlsTests.Cluster>
{
    private const string Secret = "nobody else's business";

    [Fact]
    public async Task Two_silos_form_a_cluster_and_serve_an_external_client_that_has_a_certificate()
    {
        await using ExternalClient client = await ExternalClient.StartAsync(
            cluster.Database.ConnectionString,
            gateways => gateways.Tls = cluster.Authority.Options(PeerUsages.Client)
        );
        foreach (TlsSilo silo in (TlsSilo[])[cluster.First, cluster.Second])
        {
            string id = $"on-{silo}";
            RequestContext.Set(IPlacementDirector.PlacementHintKey, silo.Address);
            TurnReceipt called = await Clients
                .Of(cluster.First.Grains)
                .Get(id)
                .AppendAsync([new ChatMessage(ChatRole.User, "from a silo")]);
            RequestContext.Clear();
            TurnReceipt answered = await client.Conversations.Get(id).AppendAsync([new ChatMessage(ChatRole.User, "from a client")]);

            IAddressable grain = cluster.First.Grains.GetGrain<IConversationGrain>(ConversationKey.Create("default", id).ToString());
            Assert.Equal(silo.Address, await cluster.First.Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(grain));
            Assert.Equal((1, 2), (called.Version, answered.Version));
        }

        Assert.Equal("Active,Active", await cluster.First.StatusesAsync());
    }

    /// <summary>The measure of all that follows: where the gateway is open in plaintext, the attack succeeds.</summary>
    [Fact]
    public async Task A_gateway_in_plaintext_lets_anybody_read_and_plant()
    {
        var database = new PostgresDatabase();
        await database.InitializeAsync();
        try
        {
            await using TlsSilo open = await TlsSilo.StartAsync(database.ConnectionString, static _ => { });
            await WriteAsync(open);

            Assert.Contains(Secret, await ForeignClient.AttackAsync(database.ConnectionString), StringComparison.Ordinal);
            Assert.Equal([ForeignClient.PlantedKey], (await SettingsAsync(open)).ApiKeyHashes);
        }
        finally
        {
            await database.DisposeAsync();
        }
    }

    /// <summary>What the others are refused for is their certificate alone.</summary>
    [Fact]
    public async Task A_client_of_anybodys_making_with_a_good_certificate_is_let_in()
    {
        string read = await ForeignClient.AttackAsync(
            cluster.Database.ConnectionString,
            client: Showing(cluster.Authority.Issue(PeerUsages.Client))
        );

        Assert.Contains(Secret, read, StringComparison.Ordinal);
        await cluster.First.Grains.GetGrain<ITenantGrain>(TenantKey.Create(ForeignClient.Tenant).ToString()).SetAsync(TenantSettings.Empty);
    }

    [Fact]
    public async Task A_client_in_plaintext_is_refused() => await AssertRefusedAsync();

    [Fact]
    public async Task A_client_without_a_certificate_is_refused() =>
        await AssertRefusedAsync(client: static client =>
            client.UseTls(tls =>
            {
                tls.ClientCertificateMode = RemoteCertificateMode.NoCertificate;
                tls.AllowAnyRemoteCertificate();
            })
        );

    [Fact]
    public async Task A_client_with_a_certificate_of_another_authority_is_refused()
    {
        using var other = new TestAuthority();

        await AssertRefusedAsync(client: Showing(other.Issue(PeerUsages.Silo)));
    }

    [Fact]
    public async Task A_client_with_an_expired_certificate_is_refused() =>
        await AssertRefusedAsync(client: Showing(cluster.Authority.Issue(PeerUsages.Silo, TimeSpan.FromDays(-1))));

    [Fact]
    public async Task A_client_with_the_certificate_of_a_mere_server_is_refused() =>
        await AssertRefusedAsync(client: Showing(cluster.Authority.Issue(PeerUsages.Server)));

    [Fact]
    public async Task A_client_does_not_talk_to_silos_of_another_authority()
    {
        using var other = new TestAuthority();

        await AssertRefusedAsync(gateways =>
            gateways.Tls = new ClusterTlsOptions
            {
                CertificatePath = other.IssuePem(PeerUsages.Client),
                AuthorityPath = other.AuthorityPath,
            }
        );
    }

    [Fact]
    public async Task A_silo_without_a_certificate_cannot_join() => await AssertCannotJoinAsync();

    [Fact]
    public async Task A_silo_with_a_certificate_of_another_authority_cannot_join()
    {
        using var other = new TestAuthority();

        await AssertCannotJoinAsync(
            ("OrleansMemory:Cluster:Tls:CertificatePath", other.IssuePem(PeerUsages.Silo)),
            ("OrleansMemory:Cluster:Tls:AuthorityPath", other.AuthorityPath)
        );
    }

    // In a process of its own: Orleans stops no silo that has not started whole.
    private async Task AssertCannotJoinAsync(params (string Name, string Value)[] settings)
    {
        await using SiloRun silo = SiloRun.Start([
            ("ConnectionStrings:Postgres", cluster.Database.ConnectionString),
            ("OrleansMemory:Cluster:Membership", "Postgres"),
            ("OrleansMemory:Cluster:AdvertisedAddress", "127.0.0.1"),
            ("OrleansMemory:Cluster:FailureDetection:MaxJoinAttemptTime", "00:00:03"),
            .. settings,
        ]);

        Assert.Equal(1, await silo.EndAsync());
        Assert.Contains(
            "OrleansMemory:Cluster:Tls must give this silo one of their authority",
            Assert.Single(silo.Errors),
            StringComparison.Ordinal
        );
        Assert.Equal("Active,Active", await cluster.First.StatusesAsync());
    }

    private async Task AssertRefusedAsync(Action<PostgresGatewayOptions>? gateways = null, Action<IClientBuilder>? client = null)
    {
        await Assert.ThrowsAsync<ConnectionFailedException>(() =>
            ForeignClient.AttackAsync(cluster.Database.ConnectionString, gateways, client)
        );

        Assert.Empty((await SettingsAsync(cluster.Second)).ApiKeyHashes);
    }

    // What Orleans offers to anybody; ours would refuse to show these certificates.
    private static Action<IClientBuilder> Showing(System.Security.Cryptography.X509Certificates.X509Certificate2 certificate) =>
        client =>
            client.UseTls(tls =>
            {
                tls.LocalClientCertificateSelector = (_, _, _, _, _) => certificate;
                tls.OnAuthenticateAsClient = (_, options) =>
                {
                    // The selection refuses by itself what is not for clients.
                    options.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
                };
                tls.AllowAnyRemoteCertificate();
            });

    private static Task<TurnReceipt> WriteAsync(TlsSilo silo) =>
        Clients.Of(silo.Grains).Get(ForeignClient.Tenant, ForeignClient.Conversation).AppendAsync([new ChatMessage(ChatRole.User, Secret)]);

    private static Task<TenantSettings> SettingsAsync(TlsSilo silo) =>
        silo.Grains.GetGrain<ITenantGrain>(TenantKey.Create(ForeignClient.Tenant).ToString()).GetAsync();

    /// <summary>Two silos with certificates, and a conversation that is no one else's business.</summary>
    public sealed class Cluster : IAsyncLifetime
    {
        private TlsSilo? _first;
        private TlsSilo? _second;

        public PostgresDatabase Database { get; } = new();

        internal TestAuthority Authority { get; } = new();

        internal TlsSilo First => _first!;

        internal TlsSilo Second => _second!;

        public async ValueTask InitializeAsync()
        {
            await Database.InitializeAsync();
            _first = await TlsSilo.StartAsync(Database.ConnectionString, place => place.Tls = Authority.Options(PeerUsages.Silo));
            _second = await TlsSilo.StartAsync(Database.ConnectionString, place => place.Tls = Authority.Options(PeerUsages.Silo));
            await _first.WhenKnownAsync(2);
            await WriteAsync(_first);
        }

        public async ValueTask DisposeAsync()
        {
            if (_second is not null)
            {
                await _second.DisposeAsync();
            }

            if (_first is not null)
            {
                await _first.DisposeAsync();
            }

            Authority.Dispose();
            await Database.DisposeAsync();
        }
    }
}
