using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.MassGen;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.MassGen;

/// <summary>Comparing ids and deleting by place, while others write.</summary>
public sealed class ConversationMemoryRaceTests(SharedHosts hosts)
{
    private static readonly TurnReceipt Receipt = new()
    {
        Version = 3,
        FirstSequence = 5,
        LastSequence = 5,
    };

    private readonly ImpatientClock _clock = new();
    private readonly GrainScript _grain = GrainScript.Make();

    [Fact]
    public async Task Many_memories_that_add_the_same_ids_store_each_once()
    {
        GrainHost host = await hosts.InMemoryAsync();
        Conversation conversation = Clients.OfNewTenant(host).Get("c");
        ConversationMemory shared = new(conversation);
        IEnumerable<ConversationMemory> memories =
        [
            .. Enumerable.Repeat(shared, 8),
            .. Enumerable.Range(0, 8).Select(_ => new ConversationMemory(conversation)),
        ];

        int[] added = await Task.WhenAll(
            memories.SelectMany((memory, m) => Enumerable.Range(0, 4).Select(i => memory.AddAsync([Of($"same {i}"), Of($"own {m} {i}")])))
        );

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
        Assert.Equal(
            ["old 0", "old 2", "old 4", "old 6", "old 7", "old 8", "old 9"],
            ids.Where(id => id.StartsWith("old", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task What_is_stored_is_left_out_of_a_second_call_and_nothing_is_read()
    {
        _grain
            .Fails<TurnReceipt>(nameof(IConversationGrain.CommitAsync), new ConditionFailedException([0, 1]))
            .Returns(nameof(IConversationGrain.CommitAsync), Receipt);

        int added = await Memory().AddAsync([Of("m2"), new ChatMessage(ChatRole.User, "no id"), Of("m4"), Of("m5")]);

        Assert.Equal(2, added);
        Turn[] turns = [.. Arguments<Turn>(nameof(IConversationGrain.CommitAsync))];
        Assert.Equal(["m2 m4 m5", "m5"], turns.Select(turn => string.Join(' ', turn.Conditions.Select(condition => condition.MessageId))));
        Assert.Equal([4, 2], turns.Select(turn => turn.Messages.Length));
        Assert.All(turns, turn => Assert.Null(turn.ExpectedVersion));
        Assert.Single(turns.Select(turn => turn.TurnId).Distinct());
        Assert.All(_grain.Calls, call => Assert.Equal(nameof(IConversationGrain.CommitAsync), call.Method));
    }

    [Fact]
    public async Task Where_all_is_stored_nothing_is_added()
    {
        _grain.Fails<TurnReceipt>(nameof(IConversationGrain.CommitAsync), new ConditionFailedException([0]));

        Assert.Equal(0, await Memory().AddAsync([Of("m"), Of("m")]));

        Assert.Single(_grain.Calls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_thousand_adds_with_ids_over_as_many_memories_never_fail(bool sameIds)
    {
        GrainHost host = await hosts.InMemoryAsync();
        ConversationClient client = Clients.OfNewTenant(host);
        await client.Get("c").AppendAsync(Enumerable.Range(0, 1_500).Select(i => Of($"before {i}")));

        int[] added = await Task.WhenAll(
            Enumerable
                .Range(0, 1_000)
                .Select(i => new ConversationMemory(client.Get("c")).AddAsync(Of(sameIds ? $"same {i % 10}" : $"own {i}")))
        );

        Assert.Equal(sameIds ? 10 : 1_000, added.Sum());
        Assert.Equal(0, await new ConversationMemory(client.Get("c")).AddAsync([Of("before 0"), Of("before 1499")]));
        IReadOnlyList<ChatMessage> stored = await new ConversationMemory(client.Get("c")).GetMessagesAsync();
        Assert.Equal(1_500 + added.Sum(), stored.Select(message => message.MessageId).Distinct().Count());
        Assert.Equal(1_500 + added.Sum(), stored.Count);
    }

    [Fact]
    public async Task An_add_that_comes_again_under_its_turn_id_adds_nothing_and_says_what_it_had_added()
    {
        GrainHost host = await hosts.InMemoryAsync();
        var memory = new ConversationMemory(Clients.OfNewTenant(host).Get("c"));
        await memory.AddAsync(Of("a"));

        Assert.Equal(2, await memory.AddAsync([Of("a"), Of("b"), new ChatMessage(ChatRole.User, "no id")], turnId: "t"));
        await memory.AddAsync(Of("z"));
        Assert.Equal(2, await memory.AddAsync([Of("a"), Of("b"), new ChatMessage(ChatRole.User, "no id")], turnId: "t"));
        await Assert.ThrowsAsync<TurnConflictException>(() => memory.AddAsync([Of("a"), Of("c")], turnId: "t"));

        Assert.Equal(4, await memory.GetSizeAsync());
    }

    [Fact]
    public async Task An_add_that_an_earlier_build_committed_has_its_receipt()
    {
        GrainHost host = await hosts.InMemoryAsync();
        var memory = new ConversationMemory(Clients.OfNewTenant(host).Get("c"));
        await memory.Conversation.AppendAsync([Of("a"), Of("b")], "old");

        Assert.Equal(2, await memory.AddAsync([Of("a"), Of("b")], turnId: "old"));
        Assert.Equal(2, await memory.AddAsync([Of("a"), Of("b")], DuplicateHandling.Allow, "old"));

        Assert.Equal(2, await memory.GetSizeAsync());
    }

    [Fact]
    public async Task Messages_without_ids_are_added_without_reading_anything()
    {
        _grain.Returns(nameof(IConversationGrain.CommitAsync), Receipt);

        await Memory().AddAsync(new ChatMessage(ChatRole.User, "a"));

        Assert.Equal([nameof(IConversationGrain.CommitAsync)], _grain.Calls.Select(call => call.Method));
    }

    [Fact]
    public async Task A_lost_reply_is_asked_for_again_under_the_same_turn()
    {
        _grain
            .Fails<TurnReceipt>(nameof(IConversationGrain.CommitAsync), new TimeoutException())
            .Returns(nameof(IConversationGrain.CommitAsync), Receipt with { Replayed = true });

        Assert.Equal(1, await Memory().AddAsync(Of("m")));

        Assert.Single(Arguments<Turn>(nameof(IConversationGrain.CommitAsync)).Distinct());
    }

    private static ChatMessage Of(string id) => new(ChatRole.User, id) { MessageId = id };

    private ConversationMemory Memory() => new(_grain.Client(_clock).Get("c"));

    private IEnumerable<T> Arguments<T>(string method) =>
        _grain.Calls.Where(call => call.Method == method).Select(call => (T)call.Arguments[0]!);
}
