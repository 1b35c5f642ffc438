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
/// Two hosts on one store stand for a silo that was declared dead while it was frozen, and for the one that has gone on with its conversations. The first one wakes, and is asked.
/// </summary>
public sealed class ReadLeaseTests(ReadLeaseTests.TwoHosts hosts) : IClassFixture<ReadLeaseTests.TwoHosts>
{
    private readonly WatchedStore _store = hosts.Store;
    private readonly GrainHost _woken = hosts.Woken;
    private readonly GrainHost _other = hosts.Other;

    private ReadLease Lease => _woken.Services.GetRequiredService<ReadLease>();

    [Fact]
    public async Task Every_read_shows_what_another_silo_has_acknowledged()
    {
        Lease.Renew(Lease.Now(), TimeSpan.FromHours(1));
        (string Name, Func<IConversationGrain, Task<long>> ReadAsync)[] reads =
        [
            ("head", async conversation => (await conversation.GetHeadAsync())!.Version),
            ("snapshot", async conversation => (await conversation.GetSnapshotAsync())!.Head.Version),
            ("messages", async conversation => (await conversation.GetMessagesAsync(MessageQuery.Newest)).Messages[^1].Sequence),
            ("stream", async conversation => await conversation.StreamMessagesAsync(new MessageQuery()).CountAsync()),
            ("entry", async conversation => long.Parse((await conversation.GetEntryAsync("s", "k"))!.Value, null)),
            ("entries", async conversation => long.Parse((await conversation.GetEntriesAsync(null))[0].Value, null)),
        ];
        foreach ((string name, Func<IConversationGrain, Task<long>> readAsync) in reads)
        {
            await CommitAsync(_woken, name, 1);
            Assert.Equal(1, await readAsync(_woken.Conversation(name)));
            await CommitAsync(_other, name, 2);

            // What the lease is for: without it memory answers.
            Assert.Equal(1, await readAsync(_woken.Conversation(name)));
            Lease.End();
            Assert.True(await readAsync(_woken.Conversation(name)) == 2, name);
            Lease.Renew(Lease.Now(), TimeSpan.FromHours(1));
        }
    }

    [Fact]
    public async Task What_another_silo_has_deleted_is_not_read()
    {
        await CommitAsync(_woken, "deleted", 1);
        await _other.Conversation("deleted").DeleteAsync(DeleteRequest.Whatever);
        Lease.End();
        Assert.Null(await _woken.Conversation("deleted").GetHeadAsync());
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => _woken.Conversation("deleted").GetMessagesAsync(MessageQuery.Newest));
    }

    [Fact]
    public async Task Where_the_store_cannot_say_memory_does_not_answer_in_its_place()
    {
        await CommitAsync(_woken, "away", 1);
        Lease.End();
        _store.BeforeLoad = () => throw new MemoryUnavailableException(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<MemoryUnavailableException>(() => _woken.Conversation("away").GetHeadAsync());
        _store.BeforeLoad = () => Task.CompletedTask;
        Assert.Equal(1, (await _woken.Conversation("away").GetHeadAsync())!.Version);
    }

    [Fact]
    public async Task A_lease_that_holds_costs_no_question()
    {
        await CommitAsync(_woken, "held", 1);
        Lease.Renew(Lease.Now(), TimeSpan.FromHours(1));
        int reads = _store.Reads;
        Assert.Equal(1, (await _woken.Conversation("held").GetHeadAsync())!.Version);
        Assert.Equal(reads, _store.Reads);
    }

    [Fact]
    public void It_holds_until_its_time_is_over_and_again_when_it_is_renewed()
    {
        var clock = new TestClock();
        var lease = new ReadLease(clock);
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

    private static Task CommitAsync(GrainHost host, string id, int version) => host.Conversation(id).CommitAsync(
        Messages.Turn($"turn {version}", Messages.User("x")) with { EntryWrites = [new EntryWrite { Space = "s", Key = "k", Value = $"{version}" }] });

    public sealed class TwoHosts : IAsyncLifetime
    {
        internal WatchedStore Store { get; } = new(new InMemoryConversationStore(NullLogger<InMemoryConversationStore>.Instance));

        internal GrainHost Woken { get; private set; } = null!;

        internal GrainHost Other { get; private set; } = null!;

        public async ValueTask InitializeAsync() => (Woken, Other) = (await GrainHost.OverStoreAsync(Store), await GrainHost.OverStoreAsync(Store));

        public async ValueTask DisposeAsync()
        {
            await Woken.DisposeAsync();
            await Other.DisposeAsync();
        }
    }
}
