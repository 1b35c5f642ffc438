using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

/// <summary>What a conversation asks its store, and when.</summary>
public sealed class StoreTrafficTests : IAsyncLifetime
{
    private readonly TestClock _clock = new();
    private readonly WatchedStore _store = new(new InMemoryConversationStore(NullLogger<InMemoryConversationStore>.Instance));
    private GrainHost _host = null!;

    public async ValueTask InitializeAsync() =>
        _host = await GrainHost.StartAsync(silo =>
        {
            silo.Services.AddSingleton<IConversationStore>(_store).AddSingleton<IFactStore, InMemoryFactStore>().AddUncounted();
            silo.Services.AddKeyedSingleton<TimeProvider>(MemoryClock.ServiceKey, _clock);
            silo.AddOrleansMemory(options => options.TailMessages = 100).UseInMemoryReminderService();
        });

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task The_end_of_an_active_log_is_read_from_memory_and_older_pages_from_the_store()
    {
        IConversationGrain conversation = _host.Conversation("c");
        for (int i = 0; i < 5; i++)
        {
            await conversation.CommitAsync(Messages.Turn($"{i}", [.. Enumerable.Range(0, 50).Select(n => Messages.User($"{n}"))]));
        }

        int reads = _store.Reads;
        Assert.Equal(20, (await conversation.GetMessagesAsync(new MessageQuery { Limit = 20 })).Messages.Length);
        Assert.Equal(10, (await conversation.GetMessagesAsync(new MessageQuery { After = 240 })).Messages.Length);
        Assert.NotNull(await conversation.GetHeadAsync());
        Assert.Equal(reads, _store.Reads);

        Assert.Equal(250, (await conversation.GetMessagesAsync(new MessageQuery { Limit = 1_000 })).Messages.Length);
        Assert.Equal(reads + 1, _store.Reads);
    }

    [Fact]
    public async Task An_activation_reads_a_page_of_the_log_and_not_more()
    {
        IConversationGrain conversation = _host.Conversation("c");
        await conversation.CommitAsync(Messages.Turn("1", [.. Enumerable.Range(0, 300).Select(n => Messages.User($"{n}"))]));
        await conversation.RefreshAsync();
        int reads = _store.Reads;
        MessagePage page = await conversation.GetMessagesAsync(MessageQuery.Newest);
        Assert.Equal((50, 251L), (page.Messages.Length, page.Next));
        Assert.Equal(reads + 1, _store.Reads);
        await conversation.CommitAsync(Messages.Turn("2", [.. Enumerable.Range(0, 50).Select(n => Messages.User($"{n}"))]));
        Assert.Equal(99, (await conversation.GetMessagesAsync(new MessageQuery { Limit = 99 })).Messages.Length);
        Assert.Equal(reads + 1, _store.Reads);
    }

    [Fact]
    public async Task A_known_conversation_is_loaded_once_for_many_callers_and_an_unknown_one_is_never_remembered()
    {
        IConversationGrain conversation = _host.Conversation("c");
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => conversation.CommitAsync(Messages.Turn($"{i}", Messages.User("x")))));
        Assert.Equal(1, _store.Calls(nameof(IConversationStore.LoadAsync)));

        IConversationGrain unknown = _host.Conversation("unknown");
        Assert.Null(await unknown.GetHeadAsync());
        Assert.Null(await unknown.GetHeadAsync());
        Assert.Equal(3, _store.Calls(nameof(IConversationStore.LoadAsync)));
    }

    [Fact]
    public async Task Ids_that_turns_ask_for_at_once_are_looked_for_together_and_one_question_at_a_time()
    {
        const int Turns = 60;
        IConversationGrain conversation = _host.Conversation("c");
        await conversation.CommitAsync(
            Messages.Turn("first", [.. Enumerable.Range(0, 300).Select(n => Messages.User($"{n}") with { Id = $"old {n}" })])
        );
        using var gate = new Gate();
        int inFlight = 0;
        _store.BeforeFindIds = async _ =>
        {
            Assert.Equal(1, Interlocked.Increment(ref inFlight));
            await gate.PassAsync();
            Interlocked.Decrement(ref inFlight);
        };

        // Every second one has an id that an old message has.
        Task<TurnReceipt>[] turns =
        [
            .. Enumerable
                .Range(0, Turns)
                .Select(i => (Turn: i, Id: i % 2 == 0 ? $"new {i}" : $"old {i}"))
                .Select(asked =>
                    conversation.CommitAsync(
                        Messages.Turn($"turn {asked.Turn}", Messages.User("x") with { Id = asked.Id }) with
                        {
                            Conditions = [TurnCondition.MessageAbsent(asked.Id)],
                        }
                    )
                ),
        ];
        await gate.ArrivalAsync();
        Assert.Equal(300, (await conversation.GetHeadAsync())!.LastSequence);
        gate.Open();

        for (int i = 0; i < Turns; i++)
        {
            if (i % 2 == 0)
            {
                await turns[i].WithTimeout();
            }
            else
            {
                await Assert.ThrowsAsync<ConditionFailedException>(() => turns[i].WithTimeout());
            }
        }

        // The first question, those that came meanwhile, and what others have pushed out of memory by then.
        Assert.InRange(_store.Calls(nameof(IConversationStore.FindMessageIdsAsync)), 1, 6);
        Assert.Equal(300 + (Turns / 2), (await conversation.GetHeadAsync())!.LastSequence);
    }

    [Fact]
    public async Task Memory_changes_only_when_the_store_has_said_yes()
    {
        IConversationGrain conversation = _host.Conversation("c");
        await conversation.CommitAsync(Messages.Turn("1", Messages.User("1")));
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.BeforeCommit = async _ =>
        {
            reached.TrySetResult();
            await gate.Task;
        };
        Task<TurnReceipt> second = conversation.CommitAsync(Messages.Turn("2", Messages.User("2")));
        await reached.Task;

        Assert.Equal(1, (await conversation.GetHeadAsync())!.Version);
        Assert.Single((await conversation.GetMessagesAsync(MessageQuery.Newest)).Messages);
        Assert.False(second.IsCompleted);
        gate.SetResult();
        await second;
        Assert.Equal(2, (await conversation.GetHeadAsync())!.Version);
    }

    [Fact]
    public async Task A_turn_whose_outcome_is_unknown_makes_memory_be_read_again()
    {
        IConversationGrain conversation = _host.Conversation("c");
        await conversation.CommitAsync(Messages.Turn("1", Messages.User("1")));
        bool fail = true;
        _store.BeforeCommit = _ => fail ? Task.FromException(new MemoryUnavailableException(TimeSpan.FromSeconds(1))) : Task.CompletedTask;
        await Assert.ThrowsAsync<MemoryUnavailableException>(() => conversation.CommitAsync(Messages.Turn("2", Messages.User("2"))));
        fail = false;
        int loads = _store.Calls(nameof(IConversationStore.LoadAsync));

        Assert.Equal(2, (await conversation.CommitAsync(Messages.Turn("2", Messages.User("2")))).Version);
        Assert.InRange(_store.Calls(nameof(IConversationStore.LoadAsync)), loads, loads + 1);
        Assert.Equal(2, (await conversation.GetHeadAsync())!.LastSequence);
    }

    [Fact]
    public async Task What_nobody_can_read_any_more_is_swept_from_time_to_time()
    {
        IConversationGrain conversation = _host.Conversation("c");
        await conversation.CommitAsync(Messages.Turn("1", [.. Enumerable.Range(0, 30).Select(n => Messages.User($"{n}"))]));
        await conversation.TruncateAsync("2", 10);
        await _store.Swept.Task;
        _clock.Advance(new ConversationOptions().SweepInterval);
        Assert.Equal(new SweepResult(0, 0, 20, 0), await _store.Removed.Task);
        _clock.Advance(TimeSpan.FromHours(25));
        await conversation.RefreshAsync();
        Assert.Equal(10, (await conversation.GetHeadAsync())!.MessageCount);
    }
}
