using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

/// <summary>
/// Two hosts on one store stand for a silo that was declared dead while it was frozen, and for the one that has gone on with its
/// conversations. The first one wakes, and is asked.
/// </summary>
public sealed class SiloLeaseTests(SiloLeaseTests.TwoHosts hosts) : IClassFixture<SiloLeaseTests.TwoHosts>, IDisposable
{
    private static readonly (string Name, Func<IConversationGrain, Task> AskAsync)[] Calls =
    [
        ("head", static conversation => conversation.GetHeadAsync()),
        ("snapshot", static conversation => conversation.GetSnapshotAsync()),
        ("messages", static conversation => conversation.GetMessagesAsync(MessageQuery.Newest)),
        ("stream", static async conversation => await conversation.StreamMessagesAsync(new MessageQuery()).CountAsync()),
        ("feed", static async conversation => await conversation.WatchAsync(new WatchRequest()).FirstAsync()),
        ("entry", static conversation => conversation.GetEntryAsync("s", "k")),
        ("entries", static conversation => conversation.GetEntriesAsync(null)),
        ("receipt", static conversation => conversation.GetTurnAsync("turn 1")),
        ("turn", static conversation => conversation.CommitAsync(Messages.Turn("turn 2", Messages.User("x")))),
        ("turn-again", static conversation => conversation.CommitAsync(Numbered(1))),
        (
            "conflict",
            static conversation => conversation.CommitAsync(Messages.Turn("other", Messages.User("x")) with { ExpectedVersion = 7 })
        ),
        ("deletion", static conversation => conversation.DeleteAsync(DeleteRequest.Whatever)),
    ];

    private readonly GrainHost _woken = hosts.Woken;
    private readonly GrainHost _other = hosts.Other;

    public static TheoryData<string> Names => [.. Calls.Select(call => call.Name)];

    private SiloLease Lease => _woken.Services.GetRequiredService<SiloLease>();

    public void Dispose() => Lease.Renew(Lease.Now(), TimeSpan.FromHours(1));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Silo_whose_place_may_have_been_taken_answers_nothing(string name)
    {
        IConversationGrain conversation = await MakeAsync("dead-" + name);
        Lease.End();

        Task call = Call(name)(conversation);
        await AnswerAsync(call, isAlive: false);

        await Assert.ThrowsAsync<MemoryUnavailableException>(() => call);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Silo_that_hears_that_it_is_alive_answers(string name)
    {
        IConversationGrain conversation = await MakeAsync("alive-" + name);
        Lease.End();

        Task call = Call(name)(conversation);
        await AnswerAsync(call, isAlive: true);

        Exception? failure = await Record.ExceptionAsync(() => call);
        Assert.IsType(name == "conflict" ? typeof(VersionConflictException) : typeof(object), failure ?? new object());
    }

    [Fact]
    public async Task Turn_that_a_dead_silo_has_stored_is_acknowledged_by_the_living_one_that_shows_it()
    {
        await MakeAsync("taken-over");
        Assert.Equal(1, (await _other.Conversation("taken-over").GetHeadAsync())!.Version);
        Lease.End();
        Task<TurnReceipt> late = _woken.Conversation("taken-over").CommitAsync(Numbered(2));
        await AnswerAsync(late, isAlive: false);
        await Assert.ThrowsAsync<MemoryUnavailableException>(() => late);

        // No one was told of it, so it need not be seen.
        Assert.Equal(1, (await _other.Conversation("taken-over").GetHeadAsync())!.Version);
        TurnReceipt receipt = await _other.Conversation("taken-over").CommitAsync(Numbered(2));

        Assert.Equal((2, true), (receipt.Version, receipt.Replayed));
        Assert.Equal(2, (await _other.Conversation("taken-over").GetHeadAsync())!.Version);
    }

    [Fact]
    public async Task Lease_that_holds_asks_nobody()
    {
        IConversationGrain conversation = await MakeAsync("held");
        int reads = hosts.Store.Reads;
        foreach ((_, Func<IConversationGrain, Task> askAsync) in Calls.Take(4))
        {
            await askAsync(conversation);
        }

        Assert.False(Lease.Asked.IsCompleted);
        Assert.Equal(reads, hosts.Store.Reads);
    }

    [Fact]
    public void It_holds_until_its_time_is_over_and_again_when_it_is_renewed()
    {
        var clock = new TestClock();
        var lease = new SiloLease(clock);
        Assert.True(lease.Holds);
        lease.End();
        Assert.False(lease.Holds);
        long seen = lease.Now();
        clock.Advance(TimeSpan.FromSeconds(1));
        lease.Renew(seen, TimeSpan.FromSeconds(3));
        clock.Advance(TimeSpan.FromSeconds(1.9));
        Assert.True(lease.Holds);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(lease.Holds);
        lease.Renew(lease.Now(), TimeSpan.FromSeconds(3));
        Assert.True(lease.Holds);
    }

    [Fact]
    public async Task Who_waits_for_it_waits_two_seconds_and_is_not_content_with_an_answer_that_is_too_old()
    {
        var clock = new TestClock();
        var lease = new SiloLease(clock);
        lease.End();
        Task waiting = lease.ConfirmAsync();
        Assert.True(lease.Asked.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<MemoryUnavailableException>(() => waiting);

        waiting = lease.ConfirmAsync();
        lease.Renew(lease.Now() - (10 * clock.TimestampFrequency), TimeSpan.FromSeconds(5));
        lease.Answer();
        await lease.Asked;
        Assert.False(waiting.IsCompleted);
        lease.Renew(lease.Now(), TimeSpan.FromSeconds(5));
        lease.Answer();
        await waiting;
    }

    private static Func<IConversationGrain, Task> Call(string name) => Calls.Single(call => call.Name == name).AskAsync;

    private static Turn Numbered(int version) =>
        Messages.Turn($"turn {version}", Messages.User("x")) with
        {
            EntryWrites =
            [
                new EntryWrite
                {
                    Space = "s",
                    Key = "k",
                    Value = $"{version}",
                },
            ],
        };

    private async Task<IConversationGrain> MakeAsync(string id)
    {
        Lease.Renew(Lease.Now(), TimeSpan.FromHours(1));
        await _woken.Conversation(id).CommitAsync(Numbered(1));
        return _woken.Conversation(id);
    }

    /// <summary>Does what the silo's beat does, whenever it is asked.</summary>
    private async Task AnswerAsync(Task call, bool isAlive)
    {
        // Without the question the call has been answered too early.
        await Task.WhenAny(call, Lease.Asked);
        Assert.False(call.IsCompleted);
        while (!call.IsCompleted)
        {
            await Task.WhenAny(call, Lease.Asked);
            if (isAlive)
            {
                Lease.Renew(Lease.Now(), TimeSpan.FromHours(1));
            }

            Lease.Answer();
        }
    }

    public sealed class TwoHosts : IAsyncLifetime
    {
        internal WatchedStore Store { get; } = new(new InMemoryConversationStore(NullLogger<InMemoryConversationStore>.Instance));

        internal GrainHost Woken { get; private set; } = null!;

        internal GrainHost Other { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            (Woken, Other) = (await GrainHost.OverStoreAsync(Store), await GrainHost.OverStoreAsync(Store));

        public async ValueTask DisposeAsync()
        {
            await Woken.DisposeAsync();
            await Other.DisposeAsync();
        }
    }
}
