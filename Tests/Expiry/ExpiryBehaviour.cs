using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Expiry;
using OrleansMemory.Grains.Expiry;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Expiry;

/// <summary>
/// What the expiry wheel does, whatever store it stands on. Each test has a host of its own, because a position counts all that it sweeps.
/// </summary>
public abstract class ExpiryBehaviour : IAsyncLifetime
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // No reminder comes by itself during a test.
    private static readonly TimeSpan Period = TimeSpan.FromDays(1);

    private readonly ManualUtcClock _clock = new();
    private GrainHost _host = null!;

    private IConversationStore Store => _host.Services.GetRequiredService<IConversationStore>();

    public async ValueTask InitializeAsync() => _host = await StartAsync(options => options.Grains = 2);

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    protected abstract void UseStore(ISiloBuilder silo);

    [Fact]
    public async Task A_tick_removes_what_is_over_and_an_early_one_nothing()
    {
        IConversationGrain[] conversations = await CreateAsync(20, Living(Hour));
        IConversationGrain lasting = (await CreateAsync(1, null))[0];
        _clock.Advance(Hour - TimeSpan.FromTicks(10));
        await TickAllAsync();
        Assert.NotNull(await conversations[0].GetHeadAsync());
        Assert.Equal((0L, 0L), await CountAsync());

        _clock.Advance(TimeSpan.FromTicks(10));
        await TickAllAsync();
        Assert.Equal((20L, 20L), await CountAsync());
        Assert.All(await LoadAsync(conversations), Assert.Null);
        Assert.Null(await conversations[0].GetHeadAsync());
        Assert.NotNull(await lasting.GetHeadAsync());
    }

    [Fact]
    public async Task Late_lost_and_doubled_ticks_do_no_harm()
    {
        IConversationGrain[] conversations = await CreateAsync(10, Living(Hour));
        _clock.Advance(TimeSpan.FromDays(30));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => _host.TickAsync(i % 2, Period)));
        Assert.Equal((10L, 10L), await CountAsync());
        Assert.All(await LoadAsync(conversations), Assert.Null);
        await TickAllAsync();
        Assert.Equal((10L, 10L), await CountAsync());
    }

    [Fact]
    public async Task A_sliding_conversation_that_is_touched_lives_on_and_one_that_is_not_goes()
    {
        IConversationGrain[] conversations = await CreateAsync(2, Living(Hour, sliding: true));
        for (int i = 0; i < 3; i++)
        {
            _clock.Advance(Hour - Minute);
            await conversations[0].CommitAsync(Messages.Turn($"touch-{i}", Messages.User("x")));
            await TickAllAsync();
        }

        Head?[] heads = await LoadAsync(conversations);
        Assert.Equal((4L, 4L), (heads[0]!.Version, heads[0]!.MessageCount));
        Assert.Null(heads[1]);
    }

    [Fact]
    public async Task Turns_that_touch_conversations_while_the_wheel_turns_lose_nothing()
    {
        for (int round = 0; round < 10; round++)
        {
            IConversationGrain[] conversations = await CreateAsync(8, Living(Hour, sliding: true));
            _clock.Advance(Hour - TimeSpan.FromTicks(10));
            Task ticks = Task.Run(TickAllAsync);
            Task<TurnReceipt>[] turns =
            [
                .. conversations.Select(conversation => conversation.CommitAsync(Messages.Turn("touch", Messages.User("x")))),
            ];
            _clock.Advance(TimeSpan.FromTicks(20));
            await TickAllAsync();
            await ticks;
            TurnReceipt[] receipts = await Task.WhenAll(turns);
            await TickAllAsync();

            // Decided before its time was over it is a second turn, after it the first of a new life, which has no time to live.
            Head?[] heads = await LoadAsync(conversations);
            Assert.Equal(receipts.Select(receipt => receipt.Version), heads.Select(head => head!.Version));
            Assert.Equal(heads.Select(head => head!.Version), heads.Select(head => head!.MessageCount));
            Assert.All(heads, head => Assert.Equal(head!.Version == 2, head.ExpiresAt is not null));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_swept_conversation_that_is_used_again_starts_empty_at_version_0_and_replays_no_old_turn(bool expectsVersion)
    {
        IConversationGrain conversation = _host.Conversation(Guid.NewGuid().ToString("N"));
        Turn turn = Messages.Turn("turn", Messages.User("old")) with
        {
            Settings = Living(Hour),
            EntryWrites =
            [
                new EntryWrite
                {
                    Space = "s",
                    Key = "k",
                    Value = "1",
                },
            ],
        };
        await conversation.CommitAsync(turn);
        _clock.Advance(Hour);
        await TickAllAsync();

        await Assert.ThrowsAsync<VersionConflictException>(() =>
            conversation.CommitAsync(Messages.Turn("stale", Messages.User("x")) with { ExpectedVersion = 1 })
        );
        Turn again = Messages.Turn("turn", Messages.User("new")) with { ExpectedVersion = expectsVersion ? 0 : null };
        TurnReceipt receipt = await conversation.CommitAsync(again);

        Assert.Equal(
            new TurnReceipt
            {
                Version = 1,
                FirstSequence = 1,
                LastSequence = 1,
            },
            receipt
        );
        Assert.Empty(await conversation.GetEntriesAsync(null));
        Assert.Equal(Messages.Text("new"), Assert.Single((await conversation.GetMessagesAsync(MessageQuery.Newest)).Messages).Contents);
    }

    [Fact]
    public async Task An_activation_behind_which_its_conversation_was_swept_loses_its_turn_and_finds_it_empty()
    {
        IConversationGrain conversation = (await CreateAsync(1, Living(Hour)))[0];
        Head head = (await conversation.GetHeadAsync())!;

        // Swept by a host whose clock goes ahead: here it is not over yet.
        await Store.SweepExpiredAsync(new ExpirySweep(head.ExpiresAt!.Value, new WheelShare(0, 1), 1_000), CancellationToken.None);
        Assert.Equal(1, (await conversation.GetHeadAsync())!.Version);

        Assert.Equal(
            new TurnReceipt
            {
                Version = 1,
                FirstSequence = 1,
                LastSequence = 1,
            },
            await conversation.CommitAsync(Messages.Turn("next", Messages.User("x")))
        );
        Assert.Null((await conversation.GetHeadAsync())!.ExpiresAt);
    }

    [Fact]
    public async Task Entries_are_removed_when_they_are_due_also_under_an_activation()
    {
        IConversationGrain conversation = _host.Conversation(Guid.NewGuid().ToString("N"));
        await conversation.CommitAsync(
            new Turn
            {
                TurnId = "sets",
                EntryWrites =
                [
                    new EntryWrite
                    {
                        Space = "s",
                        Key = "short",
                        Value = "1",
                        TimeToLive = Minute,
                    },
                    new EntryWrite
                    {
                        Space = "s",
                        Key = "long",
                        Value = "2",
                        TimeToLive = Hour,
                    },
                ],
            }
        );
        _clock.Advance(Minute);
        Assert.Null(await conversation.GetEntryAsync("s", "short"));
        await TickAllAsync();
        Assert.Equal(["long"], (await StoredAsync(conversation)).Entries.Select(entry => entry.Key));

        await conversation.CommitAsync(new Turn { TurnId = "deletes", EntryDeletes = [new EntryDelete { Space = "s", Key = "short" }] });
        await conversation.CommitAsync(
            new Turn
            {
                TurnId = "again",
                EntryWrites =
                [
                    new EntryWrite
                    {
                        Space = "s",
                        Key = "short",
                        Value = "3",
                    },
                ],
            }
        );
        Assert.Equal("3", (await conversation.GetEntryAsync("s", "short"))!.Value);
        Assert.Equal(2, (await StoredAsync(conversation)).Entries.Length);
    }

    [Fact]
    public async Task A_backlog_is_worked_off_by_itself_beyond_the_budget_of_one_sweep()
    {
        await using GrainHost host = await StartAsync(options => (options.Grains, options.BatchSize, options.SweepBatches) = (1, 3, 2));
        for (int i = 0; i < 20; i++)
        {
            await host.Conversation($"backlog-{i}").CommitAsync(Messages.Turn("t", Messages.User("x")) with { Settings = Living(Hour) });
        }

        _clock.Advance(Hour);
        ExpiryStatistics first = await host.Position(0).SweepAsync();
        Assert.Equal((6L, true), (first.Conversations, first.Backlog));

        // Each of these waits behind a sweep of its own, so the timer's sweeps come in between.
        ExpiryStatistics last = first;
        while (last.Backlog)
        {
            last = await host.Position(0).SweepAsync();
        }

        Assert.Equal((20L, 20L, _clock.GetUtcNow()), (last.Conversations, last.Messages, last.LastSweepAt));
    }

    [Fact]
    public async Task Positions_beyond_the_wheel_are_refused_and_unregister_themselves()
    {
        Assert.Equal("key", (await Assert.ThrowsAsync<InvalidRequestException>(() => _host.Position(2).SweepAsync())).Parameter);
        Assert.Equal("key", (await Assert.ThrowsAsync<InvalidRequestException>(() => _host.Position(2).StartAsync())).Parameter);
        await _host.TickAsync(2, Period);
        await CreateAsync(1, Living(Hour));
        _clock.Advance(Hour);
        await _host.TickAsync(0, TimeSpan.FromMinutes(2));
        await _host.TickAsync(1, TimeSpan.FromMinutes(2));
        Assert.Equal((0L, 0L), await CountAsync());
    }

    private static SettingsChange Living(TimeSpan duration, bool sliding = false) =>
        new()
        {
            Values = new ConversationSettings
            {
                TimeToLive = new TimeToLive { Duration = duration, Sliding = sliding },
            },
            Fields = SettingsFields.TimeToLive,
        };

    private async Task<GrainHost> StartAsync(Action<ExpiryOptions> configure)
    {
        GrainHost host = await GrainHost.StartAsync(silo =>
        {
            silo.Services.AddKeyedSingleton<TimeProvider>(MemoryClock.ServiceKey, _clock);
            UseStore(
                silo.AddOrleansMemory()
                    .ConfigureExpiry(options =>
                    {
                        options.Period = Period;
                        configure(options);
                    })
            );
        });
        await ExpiryWheel.StartedAsync(host.Services);
        return host;
    }

    private async Task<IConversationGrain[]> CreateAsync(int count, SettingsChange? settings)
    {
        IConversationGrain[] conversations = [.. Enumerable.Range(0, count).Select(_ => _host.Conversation(Guid.NewGuid().ToString("N")))];
        await Task.WhenAll(
            conversations.Select(conversation =>
                conversation.CommitAsync(Messages.Turn("first", Messages.User("x")) with { Settings = settings })
            )
        );
        return conversations;
    }

    private Task TickAllAsync() => Task.WhenAll(_host.TickAsync(0, Period), _host.TickAsync(1, Period));

    private async Task<(long Conversations, long Messages)> CountAsync()
    {
        ExpiryStatistics[] statistics = await Task.WhenAll(_host.Position(0).GetStatisticsAsync(), _host.Position(1).GetStatisticsAsync());
        return (statistics.Sum(position => position.Conversations), statistics.Sum(position => position.Messages));
    }

    private async Task<Head?[]> LoadAsync(IConversationGrain[] conversations) =>
        [.. (await Task.WhenAll(conversations.Select(StoredAsync))).Select(stored => stored.Head)];

    private Task<StoredConversation> StoredAsync(IConversationGrain conversation) =>
        Store.LoadAsync(ConversationKey.Parse(conversation.GetPrimaryKeyString()), new TailBounds(1, 1), CancellationToken.None);
}
