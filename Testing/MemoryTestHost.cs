using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Orleans.Configuration;
using Orleans.TestingHost;
using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Hosting;

namespace OrleansMemory.Testing;

/// <summary>
/// Conversations and memories in this process, for tests: a real silo of one with the store in memory, no port and no file. It takes under
/// a second to start, so that a fixture that is shared by many tests is worth it only where there are many; tests that share one use
/// conversations, users and tenants with names of their own.
/// </summary>
/// <remarks>
/// Everything is lost when it is disposed. It behaves as the store on PostgreSQL does: both pass the same contract tests.
/// </remarks>
/// <example>
/// <code>
/// await using MemoryTestHost host = await MemoryTestHost.StartAsync();
/// Conversation conversation = host.Client.Get("trip");
/// await conversation.AppendAsync([new ChatMessage(ChatRole.User, "Where to?")]);
/// host.Clock.Advance(TimeSpan.FromDays(1));
/// </code>
/// </example>
public sealed class MemoryTestHost : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;
    private readonly ServiceProvider _client;

    private MemoryTestHost(InProcessTestCluster cluster, ServiceProvider client, FakeTimeProvider clock)
    {
        _cluster = cluster;
        _client = client;
        Clock = clock;
    }

    /// <summary>The conversations.</summary>
    public ConversationClient Client => _client.GetRequiredService<ConversationClient>();

    /// <summary>The grains themselves.</summary>
    public IGrainFactory Grains => _cluster.Client;

    /// <summary>The services of the silo.</summary>
    public IServiceProvider Services => _cluster.GetSiloServiceProvider();

    /// <summary>
    /// The clock of conversations and memories: of instants, expiries and windows. It stands until a test moves it. Pauses between retries
    /// and Orleans itself keep real time.
    /// </summary>
    public FakeTimeProvider Clock { get; }

    /// <summary>Starts a host.</summary>
    /// <param name="configure">Sets options; <see langword="null"/> leaves them as they are.</param>
    /// <param name="cancellationToken">Ends the wait for the start.</param>
    /// <returns>The host, which the caller disposes.</returns>
    public static async Task<MemoryTestHost> StartAsync(
        Action<MemoryTestHostOptions>? configure = null,
        CancellationToken cancellationToken = default
    )
    {
        var options = new MemoryTestHostOptions();
        configure?.Invoke(options);
        var clock = new FakeTimeProvider(options.StartsAt ?? TimeProvider.System.GetUtcNow());
        InProcessTestCluster cluster = Build(options, clock);
        try
        {
            await cluster.DeployAsync(cancellationToken);
            ServiceCollection services = new();
            services.AddLogging().AddSingleton<IGrainFactory>(cluster.Client).AddOrleansMemoryClient(options.ConfigureClient);
            return new MemoryTestHost(cluster, services.BuildServiceProvider(), clock);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Drops what the silo holds of a conversation in memory: the next call reads it from the store, as after a restart.</summary>
    /// <param name="conversation">The conversation.</param>
    /// <returns>A task that ends when it is dropped.</returns>
    public Task UnloadAsync(Conversation conversation)
    {
        ArgumentNullException.ThrowIfNull(conversation);
        return _cluster.DeactivateAsync(Grains.GetGrain<IConversationGrain>(conversation.Key.ToString()));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    private static InProcessTestCluster Build(MemoryTestHostOptions options, FakeTimeProvider clock)
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo(
            (_, silo) =>
            {
                silo.Services.AddLogging(static logging => logging.SetMinimumLevel(LogLevel.Warning));

                // Orleans never ends the timer of its directory's cache, which would keep every host of the process in memory, and makes
                // another of 9 MB. A silo that is alone needs neither.
                silo.Services.Configure<GrainDirectoryOptions>(static directory =>
                {
                    directory.CachingStrategy = GrainDirectoryOptions.CachingStrategyType.None;
                    directory.CacheSize = 1_000;
                });
                silo.Services.AddKeyedSingleton<TimeProvider>(MemoryClock.ServiceKey, clock);
                silo.AddOrleansMemory(options.ConfigureConversations).UseInMemoryStorage();
                silo.UseInMemoryReminderService();
                options.ConfigureSilo?.Invoke(silo);
            }
        );
        return builder.Build();
    }
}
