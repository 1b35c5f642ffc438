using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Memory;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Memory;

/// <summary>Comparing ids and deleting by place, while others write.</summary>
public sealed class ConversationMemoryRaceTests(SharedHosts hosts)
{
    private static readonly TurnReceipt Receipt = new() { Version = 3, FirstSequence = 5, LastSequence = 5 };

    private readonly ImpatientClock _clock = new();
    private readonly GrainScript _grain = GrainScript.Make();

    [Fact]
    public async Task Many_memories_that_add_the_same_ids_store_each_once()
    {
        GrainHost host = await hosts.InMemoryAsync();
        Conversation conversation = Clients.OfNewTenant(host).Get("c");
        ConversationMemory shared = new(conversation);
        IEnumerable<ConversationMemory> memories = [.. Enumerable.Repeat(shared, 8), .. Enumerable.Range(0, 8).Select(_ => new ConversationMemory(conversation))];

        int[] added = await Task.WhenAll(memories.SelectMany(
            (memory, m) => Enumerable.Range(0, 4).Select(i => memory.AddAsync([Of($"same {i}"), Of($"own {m} {i}")]))));

        IReadOnlyList<ChatMessage> stored = await shared.GetMessagesAsync();
        Assert.Equal(16 * 4 + 4, stored.Count);
        Assert.Equal(stored.Count, stored.Select(message => message.MessageId).Distinct().Count());
        Assert.Equal(stored.Count, added.Sum());
    }

    [Fact]
    public async Task Deleting_by_place_while_others_append_deletes_what_was_meant()
    {
        GrainHost host = await hosts.InMemoryAsync();
        Conversation conversation = Clients.OfNewTenant(host).Get("c");
        var memory = new ConversationMemory(conversation);
        await memory.AddAsync(Enumerable.Range(0, 10).Select(i => Of($"old {i}")));

        Task[] appending = [.. Enumerable.Range(0, 30).Select(i => conversation.AppendAsync(Of($"new {i}")))];
        await memory.DeleteAsync([1, 3, 5]);
        await Task.WhenAll(appending);

        string[] ids = [.. (await memory.GetMessagesAsync()).Select(message => message.MessageId!)];
        Assert.Equal(37, ids.Length);
        Assert.Equal(["old 0", "old 2", "old 4", "old 6", "old 7", "old 8", "old 9"], ids.Where(id => id.StartsWith("old", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_lost_race_is_run_again_and_reads_only_what_has_come_since()
    {
        _grain.Returns<Head?>(nameof(IConversationGrain.GetHeadAsync), SomeHeads.Head(version: 1, last: 3))
            .Returns<Head?>(nameof(IConversationGrain.GetHeadAsync), SomeHeads.Head(version: 1, last: 3))
            .Returns<Head?>(nameof(IConversationGrain.GetHeadAsync), SomeHeads.Head(version: 2, last: 4))
            .On(nameof(IConversationGrain.StreamMessagesAsync), _ => Stream(1, 2, 3))
            .On(nameof(IConversationGrain.StreamMessagesAsync), _ => Stream(4))
            .Returns(nameof(IConversationGrain.GetMessagesAsync), new MessagePage { Messages = [SomeHeads.Message(3)] })
            .Fails<TurnReceipt>(nameof(IConversationGrain.CommitAsync), new VersionConflictException(1, 2))
            .Returns(nameof(IConversationGrain.CommitAsync), Receipt);

        int added = await Memory().AddAsync([Of("m2"), Of("m4"), Of("m5")]);

        Assert.Equal(1, added);
        Turn[] turns = [.. Arguments<Turn>(nameof(IConversationGrain.CommitAsync))];
        Assert.Equal([1L, 2L], turns.Select(turn => turn.ExpectedVersion!.Value));
        Assert.Equal([2, 1], turns.Select(turn => turn.Messages.Length));
        Assert.Single(turns.Select(turn => turn.TurnId).Distinct());
        Assert.Equal([0L, 3L], Arguments<MessageQuery>(nameof(IConversationGrain.StreamMessagesAsync)).Select(query => query.After!.Value));
    }

    [Fact]
    public async Task Messages_without_ids_are_added_without_reading_anything()
    {
        _grain.Returns(nameof(IConversationGrain.CommitAsync), Receipt);

        await Memory().AddAsync(new ChatMessage(ChatRole.User, "a"));

        Assert.Equal([nameof(IConversationGrain.CommitAsync)], _grain.Calls.Select(call => call.Method));
    }

    [Fact]
    public async Task A_race_that_is_always_lost_ends_with_the_conflict()
    {
        _grain.Returns<Head?>(nameof(IConversationGrain.GetHeadAsync), null)
            .Fails<TurnReceipt>(nameof(IConversationGrain.CommitAsync), new VersionConflictException(0, 1));

        await Assert.ThrowsAsync<VersionConflictException>(() => Memory().AddAsync(Of("m")));

        Assert.Equal(100, Arguments<Turn>(nameof(IConversationGrain.CommitAsync)).Count());
        Assert.All(_clock.Pauses, pause => Assert.InRange(pause.TotalMilliseconds, 1, 50));
    }

    [Fact]
    public async Task A_lost_reply_is_asked_for_again_under_the_same_turn()
    {
        _grain.Returns<Head?>(nameof(IConversationGrain.GetHeadAsync), null)
            .Fails<TurnReceipt>(nameof(IConversationGrain.CommitAsync), new TimeoutException())
            .Returns(nameof(IConversationGrain.CommitAsync), Receipt with { Replayed = true });

        Assert.Equal(1, await Memory().AddAsync(Of("m")));

        Assert.Single(Arguments<Turn>(nameof(IConversationGrain.CommitAsync)).Distinct());
    }

    private static ChatMessage Of(string id) => new(ChatRole.User, id) { MessageId = id };

    private static async IAsyncEnumerable<Message> Stream(params long[] sequences)
    {
        foreach (long sequence in sequences)
        {
            await Task.Yield();
            yield return SomeHeads.Message(sequence);
        }
    }

    private ConversationMemory Memory() => new(_grain.Client(_clock).Get("c"));

    private IEnumerable<T> Arguments<T>(string method) => _grain.Calls.Where(call => call.Method == method).Select(call => (T)call.Arguments[0]!);
}
