using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Tests.Contracts;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Embedded;

/// <summary>An active conversation sees to its own end, and one that is not active is not woken for it.</summary>
public sealed class ConversationExpiryTests : IAsyncLifetime
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly WatchedStore _store = new(new InMemoryConversationStore(NullLogger<InMemoryConversationStore>.Instance));
    private EmbeddedHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await EmbeddedHost.StartAsync(silo =>
        {
            silo.Services.AddSingleton<IConversationStore>(_store).AddSingleton<IFactStore, InMemoryFactStore>();

            // They stay active until their time is over.
            silo.Configure<GrainCollectionOptions>(options => options.CollectionAge = TimeSpan.FromDays(7));
            silo.AddOrleansMemory().ConfigureExpiry(options => (options.Grains, options.Period) = (1, TimeSpan.FromDays(1))).UseInMemoryReminderService();
        });
        await ExpiryWheel.StartedAsync(_host.Cluster.GetSiloServiceProvider());
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task An_active_conversation_removes_itself_on_time()
    {
        IConversationGrain conversation = await CreateAsync(sliding: false);
        _host.Clock.Advance(Hour - TimeSpan.FromTicks(10));
        await _host.SettleAsync(conversation);
        Assert.Equal(0, _store.Calls(nameof(IConversationStore.ExpireAsync)));

        _host.Clock.Advance(TimeSpan.FromMilliseconds(1) + TimeSpan.FromTicks(10));
        Assert.True(await _store.Expired.Task.Soon());
        Assert.Null((await StoredAsync(conversation)).Head);
    }

    [Fact]
    public async Task A_touched_conversation_looks_again_when_its_new_time_is_over()
    {
        IConversationGrain conversation = await CreateAsync(sliding: true);
        _host.Clock.Advance(Hour / 2);

        // A call sets the clock of response time-outs, which stays set.
        await conversation.GetHeadAsync().Soon();
        int timers = _host.Clock.PendingTimers;
        await conversation.CommitAsync(Messages.Turn("touch", Messages.User("x"))).Soon();
        Assert.Equal(timers, _host.Clock.PendingTimers);

        _host.Clock.Advance(Hour * 0.75);
        await _host.SettleAsync(conversation);
        Assert.Equal(0, _store.Calls(nameof(IConversationStore.ExpireAsync)));
        Assert.Equal(2, (await conversation.GetHeadAsync().Soon())!.Version);
        _host.Clock.Advance(Hour);
        Assert.True(await _store.Expired.Task.Soon());
    }

    [Fact]
    public async Task A_conversation_that_lives_for_ever_has_no_timer()
    {
        IConversationGrain conversation = _host.Grain<IConversationGrain>("t/c");
        int timers = _host.Clock.PendingTimers;
        await conversation.CommitAsync(Messages.Turn("t", Messages.User("x"))).Soon();
        Assert.Equal(timers, _host.Clock.PendingTimers);
        await conversation.CommitAsync(Messages.Turn("ttl") with { Settings = Living(sliding: false) }).Soon();
        Assert.Equal(timers + 1, _host.Clock.PendingTimers);
    }

    [Fact]
    public async Task A_conversation_that_is_over_when_its_activation_ends_is_removed_then()
    {
        var clock = new ManualUtcClock();
        await using EmbeddedHost host = await EmbeddedHost.StartAsync(silo =>
        {
            silo.Services.AddSingleton<IConversationStore>(_store).AddSingleton<IFactStore, InMemoryFactStore>();
            silo.Services.AddKeyedSingleton<TimeProvider>(MemoryClock.ServiceKey, clock);
            silo.AddOrleansMemory().UseInMemoryReminderService();
        });
        var conversation = host.Grain<IConversationGrain>("t/ends");
        await conversation.CommitAsync(Messages.Turn("t", Messages.User("x")) with { Settings = Living(sliding: false) }).Soon();
        await host.Cluster.DeactivateAsync(conversation).Soon();
        Assert.Equal(0, _store.Calls(nameof(IConversationStore.ExpireAsync)));
        Assert.NotNull(await conversation.GetHeadAsync().Soon());

        clock.Advance(Hour);
        await host.Cluster.DeactivateAsync(conversation).Soon();
        Assert.Null((await StoredAsync(conversation)).Head);
    }

    [Fact]
    public async Task The_wheel_wakes_no_conversation()
    {
        WrittenConversation written = await WrittenConversation.LoadAsync(_store, ConversationKey.Create("t", "asleep"));
        TurnCommit turn = written.Turn("t", "text") with { ExpiresAt = _host.Clock.GetUtcNow() };
        await _store.CommitAsync(turn, CancellationToken.None);

        await _host.Cluster.Client.GetGrain<IRemindable>(GrainId.Create("expiry", "0"))
            .ReceiveReminder(ExpiryWheel.NameOf(TimeSpan.FromDays(1)), new TickStatus(DateTime.UnixEpoch, Hour, DateTime.UnixEpoch)).Soon();

        Assert.Null((await _store.LoadAsync(written.Key, new TailBounds(1, 1), CancellationToken.None)).Head);
        Assert.DoesNotContain(_host.Silo.Classes.Activations, activation => activation.GrainId.Type.ToString() == "conversation");
    }

    private static SettingsChange Living(bool sliding) => new()
    {
        Values = new ConversationSettings { TimeToLive = new TimeToLive { Duration = Hour, Sliding = sliding } },
        Fields = SettingsFields.TimeToLive,
    };

    private async Task<IConversationGrain> CreateAsync(bool sliding)
    {
        var conversation = _host.Grain<IConversationGrain>("t/c");
        await conversation.CommitAsync(Messages.Turn("t", Messages.User("x")) with { Settings = Living(sliding) }).Soon();
        return conversation;
    }

    private Task<StoredConversation> StoredAsync(IConversationGrain conversation) =>
        _store.LoadAsync(ConversationKey.Parse(conversation.GetPrimaryKeyString()), new TailBounds(1, 1), CancellationToken.None);
}
