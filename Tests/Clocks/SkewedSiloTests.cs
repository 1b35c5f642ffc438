using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Expiry;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Clocks;

/// <summary>
/// A silo whose clock is two hours ahead of the database's: what it must not do, what it refuses, and that all is well when its clock is.
/// </summary>
public sealed class SkewedSiloTests : IAsyncLifetime
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);
    private static readonly TimeSpan Skew = TimeSpan.FromHours(2);

    private readonly ManualUtcClock _clock = new();
    private readonly ManualUtcClock _wall = new();
    private readonly WatchedStore _store = new(new InMemoryConversationStore(NullLogger<InMemoryConversationStore>.Instance));
    private GrainHost _host = null!;

    public async ValueTask InitializeAsync() =>
        _host = await GrainHost.StartAsync(silo =>
        {
            silo.Services.AddKeyedSingleton<TimeProvider>(MemoryClock.ServiceKey, _clock);
            silo.Services.AddSingleton<IDatabaseClock>(new DatabaseClockScript(TimeProvider.System, _wall));
            silo.Services.AddSingleton<IConversationStore>(_store).AddSingleton<IFactStore, InMemoryFactStore>();
            silo.AddOrleansMemory().UseInMemoryReminderService();

            // Both clocks stand still while the process counts.
            silo.ConfigureClocks(options => (options.ComparesOwnClock, options.Tolerance) = (true, TimeSpan.FromMinutes(30)));
            silo.ConfigureExpiry(options => (options.Grains, options.Period) = (1, TimeSpan.FromDays(1)));
        });

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task The_wheel_removes_nothing_until_the_clock_is_right_and_then_what_is_over()
    {
        IConversationGrain conversation = await CreateAsync("c", Life);
        _clock.Advance(Skew);

        ExpiryStatistics off = await _host.Position(0).SweepAsync();
        Assert.Equal((0, false), (off.Conversations, off.Backlog));
        Assert.Equal(0, _store.Calls(nameof(IConversationStore.SweepExpiredAsync)));

        _wall.Advance(Skew);
        Assert.Equal(1, (await _host.Position(0).SweepAsync()).Conversations);
        Assert.Null(await conversation.GetHeadAsync());
    }

    [Fact]
    public async Task An_activation_does_not_remove_its_conversation_which_is_there_when_the_clock_is_right_again()
    {
        IConversationGrain conversation = await CreateAsync("c", Life);
        _clock.Advance(Skew);

        // By the silo's own clock it is over: no one reads it here.
        Assert.Null(await conversation.GetHeadAsync());
        await _host.DeactivateAsync(conversation);
        Assert.Equal(0, _store.Calls(nameof(IConversationStore.ExpireAsync)));

        _clock.Advance(-Skew);
        Assert.Equal(1, (await conversation.GetHeadAsync())!.Version);
    }

    [Fact]
    public async Task Within_the_tolerance_an_activation_removes_its_conversation_as_soon_as_it_is_over_for_the_database_too()
    {
        TimeSpan behind = TimeSpan.FromMinutes(10);
        IConversationGrain conversation = await CreateAsync("c", Life);
        _clock.Advance(Life);
        _wall.Advance(Life - behind);
        await AskDatabaseAsync();
        await _host.DeactivateAsync(conversation);
        Assert.Equal(0, _store.Calls(nameof(IConversationStore.ExpireAsync)));

        _wall.Advance(behind);
        await AskDatabaseAsync();
        Assert.Null(await conversation.GetHeadAsync());
        await _host.DeactivateAsync(conversation);
        Assert.True(await _store.Expired.Task.WithTimeout());
    }

    [Fact]
    public async Task What_would_make_others_remove_something_is_refused_and_nothing_else_is()
    {
        IConversationGrain expiring = await CreateAsync("expiring", Life);
        IConversationGrain lasting = await CreateAsync("lasting", null);
        _clock.Advance(Skew);

        await RefusesAsync(() => expiring.CommitAsync(Messages.Turn("anew", Messages.User("x"))));
        await RefusesAsync(() => lasting.CommitAsync(Messages.Turn("ttl", Messages.User("x")) with { Settings = Living(Life) }));
        await RefusesAsync(() =>
            lasting.CommitAsync(
                Messages.Turn("entry", Messages.User("x")) with
                {
                    EntryWrites =
                    [
                        new EntryWrite
                        {
                            Space = "s",
                            Key = "k",
                            Value = "1",
                            TimeToLive = Life,
                        },
                    ],
                }
            )
        );
        await RefusesAsync(() => lasting.ForkAsync(new ForkRequest { NewId = "expiring" }));
        await RefusesAsync(() =>
            _host
                .Conversation("import")
                .BeginImportAsync(
                    new ImportStart
                    {
                        Settings = new ConversationSettings(),
                        FirstSequence = 1,
                        LastSequence = 1,
                    }
                )
        );
        await RefusesAsync(() =>
            _host
                .Grains.GetGrain<IMemoryGrain>(MemoryScope.Create("tests", user: "ada").ToString())
                .RecordAsync(new RecordRequest { Memories = [new NewMemory { Kind = MemoryKind.Fact, Text = "x" }], TimeToLive = Life })
        );
        Assert.Equal(2, (await lasting.CommitAsync(Messages.Turn("plain", Messages.User("x")))).Version);

        _clock.Advance(-Skew);
        Assert.Equal(2, (await expiring.CommitAsync(Messages.Turn("anew", Messages.User("x")))).Version);
    }

    [Fact]
    public async Task A_silo_that_is_behind_writes_no_time_to_live_that_is_over_for_the_others()
    {
        IConversationGrain conversation = await CreateAsync("c", Life);
        _wall.Advance(Skew);
        await AskDatabaseAsync();

        await RefusesAsync(() => conversation.CommitAsync(Messages.Turn("late", Messages.User("x"))));
        Assert.Equal(1, (await conversation.GetHeadAsync())!.Version);
    }

    [Fact]
    public async Task It_is_not_ready_and_is_again()
    {
        IStoreProbe probe = _host.Services.GetRequiredService<IStoreProbe>();
        await probe.PingAsync();
        _clock.Advance(Skew);
        await Assert.ThrowsAsync<MemoryUnavailableException>(() => probe.PingAsync());
        _clock.Advance(-Skew);
        await probe.PingAsync();
    }

    [Fact]
    public async Task Over_http_it_is_live_and_not_ready()
    {
        var wall = new ManualUtcClock(TimeProvider.System.GetUtcNow() + Skew);
        await using SiloApp app = new SiloApp()
            .With("OrleansMemory:Clock:Tolerance", "00:30:00")
            .With(services => services.AddSingleton<IDatabaseClock>(new DatabaseClockScript(TimeProvider.System, wall)));

        await app.AskAsync(HttpStatusCode.OK, "GET", "/health/live");
        await app.RefuseAsync(HttpStatusCode.ServiceUnavailable, "unavailable", "GET", "/health/ready");
        wall.Advance(-Skew);
        await app.AskAsync(HttpStatusCode.OK, "GET", "/health/ready");
    }

    private static Task RefusesAsync(Func<Task> call) => Assert.ThrowsAsync<MemoryUnavailableException>(call);

    private static SettingsChange Living(TimeSpan? life) =>
        new()
        {
            Values = new ConversationSettings
            {
                TimeToLive = life is { } duration ? new TimeToLive { Duration = duration, Sliding = true } : null,
            },
            Fields = SettingsFields.TimeToLive,
        };

    private Task AskDatabaseAsync() => _host.Services.GetRequiredService<DatabaseTime>().ReadAsync(TimeSpan.Zero, CancellationToken.None);

    private async Task<IConversationGrain> CreateAsync(string id, TimeSpan? life)
    {
        IConversationGrain conversation = _host.Conversation(id);
        await conversation.CommitAsync(Messages.Turn("first", Messages.User("x")) with { Settings = Living(life) });
        return conversation;
    }
}
