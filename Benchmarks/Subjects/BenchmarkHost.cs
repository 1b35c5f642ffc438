using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.Postgres;

namespace OrleansMemory.Benchmarks.Subjects;

/// <summary>
/// A silo as an application has it: the defaults of grains and store on the run's database, its members in the same tables.
/// </summary>
internal sealed class BenchmarkHost : IAsyncDisposable
{
    private const string Tenant = "benchmark";

    private readonly IHost _host;

    private BenchmarkHost(IHost host, PostgresStorageOptions storage)
    {
        _host = host;
        Storage = storage;
        Grains = host.Services.GetRequiredService<IGrainFactory>();
        Store = host.Services.GetRequiredService<IConversationStore>();
    }

    public IGrainFactory Grains { get; }

    /// <summary>Where it keeps its conversations.</summary>
    public PostgresStorageOptions Storage { get; }

    /// <summary>The store behind the grains.</summary>
    public IConversationStore Store { get; }

    public static async Task<BenchmarkHost> StartAsync(
        PostgresStorageOptions storage,
        Action<IServiceCollection>? configure = null,
        Action<ISiloBuilder>? silo = null
    )
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        configure?.Invoke(builder.Services);
        int[] ports = FreePorts.Find(2);
        builder.UseOrleans(host =>
        {
            host.AddOrleansMemory()
                .UsePostgresStorage(options =>
                {
                    options.ConnectionString = storage.ConnectionString;
                    options.Schema = storage.Schema;
                });
            silo?.Invoke(host);
            host.UsePostgresClustering(options =>
            {
                options.AdvertisedAddress = IPAddress.Loopback.ToString();
                options.SiloPort = ports[0];
                options.GatewayPort = ports[1];
            });
        });
        IHost host = builder.Build();
        await host.StartAsync();
        return new BenchmarkHost(host, storage);
    }

    /// <summary>The client library over its grains.</summary>
    public ConversationClient Client =>
        field ??= new ConversationClient(
            Grains,
            Options.Create(new ConversationClientOptions { DefaultTenant = Tenant }),
            TimeProvider.System,
            NullLogger<ConversationClient>.Instance
        );

    public static ConversationKey Key(string id) => ConversationKey.Create(Tenant, id);

    public IConversationGrain Conversation(string id) => ConversationOf(Tenant, id);

    /// <summary>A conversation of a tenant of its own, where tenants are what is measured.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="id">The conversation's id.</param>
    /// <returns>The conversation.</returns>
    public IConversationGrain ConversationOf(string tenant, string id) =>
        Grains.GetGrain<IConversationGrain>(ConversationKey.Create(tenant, id).ToString());

    /// <summary>Makes a conversation of a given length, by turns of 1,000 messages.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="messages">How many messages.</param>
    /// <returns>The conversation.</returns>
    public async Task<IConversationGrain> FillAsync(string id, int messages)
    {
        IConversationGrain conversation = Conversation(id);
        for (int left = messages; left > 0; left -= 1_000)
        {
            await conversation.CommitAsync(ConversationInput.Turn(Math.Min(left, 1_000)));
        }

        return conversation;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
