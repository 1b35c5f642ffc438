using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Grains.Expiry;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Hosting;

public sealed class OptionsTests
{
    public static TheoryData<string, Action<ConversationOptions>> ConversationRules { get; } =
        new()
        {
            { "MaxMessageBytes must be", options => options.MaxMessageBytes = 1_023 },
            { "MaxTurnMessages must be", options => options.MaxTurnMessages = 0 },
            { "MaxTurnBytes must be", options => options.MaxTurnBytes = 300 * 1024 * 1024 },
            { "MaxEntryBytes must be", options => options.MaxEntryBytes = 0 },
            { "MaxEntries must be", options => options.MaxEntries = 0 },
            { "MaxEntriesBytes must be", options => options.MaxEntriesBytes = 0 },
            { "TailMessages must be", options => options.TailMessages = 0 },
            { "ActivationMessages must be", options => options.ActivationMessages = 0 },
            { "TailBytes must be", options => options.TailBytes = 1 },
            { "MaxPageBytes must be", options => options.MaxPageBytes = 1 },
            { "RecentTurns must be", options => options.RecentTurns = -1 },
            { "TurnIdWindow must be", options => options.TurnIdWindow = TimeSpan.FromSeconds(59) },
            { "SweepInterval must be", options => options.SweepInterval = TimeSpan.Zero },
            { "TenantSettingsAge must be", options => options.TenantSettingsAge = TimeSpan.Zero },
            { "FeedRefreshInterval must be", options => options.FeedRefreshInterval = TimeSpan.FromMilliseconds(999) },
            { "MaxTurnBytes must not be less than MaxMessageBytes", options => options.MaxTurnBytes = 2 * 1024 * 1024 },
            { "MaxEntriesBytes must not be less than MaxEntryBytes", options => options.MaxEntriesBytes = 512 * 1024 },
            { "DefaultTimeToLive.Duration must be", options => options.DefaultTimeToLive = new TimeToLive { Duration = TimeSpan.Zero } },
            { "Tenants[a].TimeToLive.Duration must be", options => options.Tenants["a"] = Living(TimeSpan.FromDays(36_501)) },
            {
                "Tenants[a] has both",
                options =>
                    options.Tenants["a"] = new TenantOptions { TimeToLive = Living(TimeSpan.FromDays(1)).TimeToLive, LivesForever = true }
            },
            { "Tenants[no tenant] names no tenant", options => options.Tenants["no tenant"] = new TenantOptions() },
        };

    public static TheoryData<string, Action<ExpiryOptions>> ExpiryRules { get; } =
        new()
        {
            { "Grains must be a power of two", options => options.Grains = 24 },
            { "Grains must be a power of two", options => options.Grains = 0 },
            { "Grains must be a power of two", options => options.Grains = 512 },
            { "Period must be", options => options.Period = TimeSpan.FromSeconds(59) },
            { "BatchSize must be", options => options.BatchSize = 0 },
            { "SweepBatches must be", options => options.SweepBatches = 0 },
            { "SweepTime must be", options => options.SweepTime = TimeSpan.FromSeconds(21) },
            { "ConcurrentSweeps must be", options => options.ConcurrentSweeps = 0 },
        };

    public static TheoryData<string, Action<ClockOptions>> ClockRules { get; } =
        new()
        {
            { "Tolerance must be", options => options.Tolerance = TimeSpan.FromMilliseconds(99) },
            { "Tolerance must be", options => options.Tolerance = TimeSpan.FromHours(1) + TimeSpan.FromTicks(1) },
            { "Period must be", options => options.Period = TimeSpan.FromMilliseconds(999) },
            { "Period must be", options => options.Period = TimeSpan.FromMinutes(11) },
        };

    public static TheoryData<string, Action<PostgresStorageOptions>> PostgresRules { get; } =
        new()
        {
            { "ConnectionString is missing", options => options.ConnectionString = "" },
            { "Schema must be", options => options.Schema = "a\"; drop table x; --" },
            { "Schema must be", options => options.Schema = "Upper" },
            { "Committers must be", options => options.Committers = 0 },
            { "MaxBatchTurns must be", options => options.MaxBatchTurns = 0 },
            { "MaxBatchBytes must be", options => options.MaxBatchBytes = 1 },
            { "MaxQueuedTurns must be", options => options.MaxQueuedTurns = 0 },
            { "MaxQueuedBytes must be", options => options.MaxQueuedBytes = 1 },
            { "CommitTimeout must be", options => options.CommitTimeout = TimeSpan.FromMinutes(6) },
            { "MaxReadConnections must be", options => options.MaxReadConnections = 0 },
            { "MaxProviderConnections must be", options => options.MaxProviderConnections = 0 },
            { "StartWait must be", options => options.StartWait = TimeSpan.FromMinutes(11) },
            { "ConnectionString is not an Npgsql connection string", options => options.ConnectionString = "hunter2" },
            { "ConnectionString names no Host", options => options.ConnectionString = "Username=ada" },
            { "ConnectionString is not a valid URI", options => options.ConnectionString = "postgres://ada:hunter2@db:port/memory" },
        };

    [Theory]
    [MemberData(nameof(ConversationRules))]
    public async Task A_conversation_option_out_of_range_fails_the_start_with_its_rule(
        string message,
        Action<ConversationOptions> configure
    ) => await AssertFailsAsync(message, silo => silo.AddOrleansMemory(configure).UseInMemoryStorage());

    [Theory]
    [MemberData(nameof(ExpiryRules))]
    public async Task An_option_of_the_expiry_wheel_out_of_range_fails_the_start_with_its_rule(
        string message,
        Action<ExpiryOptions> configure
    ) => await AssertFailsAsync(message, silo => silo.AddOrleansMemory().ConfigureExpiry(configure).UseInMemoryStorage());

    [Theory]
    [MemberData(nameof(ClockRules))]
    public async Task An_option_of_the_clocks_out_of_range_fails_the_start_with_its_rule(string message, Action<ClockOptions> configure) =>
        await AssertFailsAsync(message, silo => silo.AddOrleansMemory().ConfigureClocks(configure).UseInMemoryStorage());

    [Theory]
    [MemberData(nameof(PostgresRules))]
    public async Task A_storage_option_out_of_range_fails_the_start_with_its_rule(
        string message,
        Action<PostgresStorageOptions> configure
    ) =>
        await AssertFailsAsync(
            message,
            silo =>
                silo.AddOrleansMemory()
                    .UsePostgresStorage(options =>
                    {
                        options.ConnectionString = "Host=nowhere.invalid";
                        configure(options);
                    })
        );

    [Fact]
    public async Task Without_reminders_the_start_fails_and_names_the_missing_call()
    {
        using IHost host = Build(silo =>
            silo.AddOrleansMemory()
                .Services.AddSingleton<IConversationStore>(new InMemoryConversationStore(NullLogger<InMemoryConversationStore>.Instance))
                .AddSingleton<IFactStore, InMemoryFactStore>()
                .AddUncounted()
        );
        InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync());
        Assert.Contains("UseInMemoryReminderService()", failure.Message, StringComparison.Ordinal);
    }

    private static TenantOptions Living(TimeSpan duration) => new() { TimeToLive = new TimeToLive { Duration = duration } };

    private static async Task AssertFailsAsync(string message, Action<ISiloBuilder> configure)
    {
        using IHost host = Build(configure);
        OptionsValidationException failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    private static IHost Build(Action<ISiloBuilder> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        ManyHosts.LeaveOutDirectoryCache(builder.Services);
        builder.UseOrleans(silo => configure(silo.UseLocalhostClustering()));
        return builder.Build();
    }
}
