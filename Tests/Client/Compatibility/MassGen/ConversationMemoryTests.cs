using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.MassGen;
using OrleansMemory.Client.Errors;
using OrleansMemory.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.MassGen;

/// <summary>MassGen's rules, one by one.</summary>
public sealed class ConversationMemoryTests(SharedHosts hosts) : IAsyncLifetime
{
    private GrainHost _host = null!;
    private Conversation _conversation = null!;
    private ConversationMemory _memory = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await hosts.InMemoryAsync();
        _conversation = Clients.OfNewTenant(_host).Get("c");
        _memory = new ConversationMemory(_conversation);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task One_message_and_many_are_added_in_order()
    {
        Assert.Equal(1, await _memory.AddAsync(User("a")));
        Assert.Equal(2, await _memory.AddAsync([User("b"), new ChatMessage(ChatRole.Assistant, "c")]));
        Assert.Equal(["a", "b", "c"], await TextsAsync());
        Assert.Equal(3, await _memory.GetSizeAsync());
        Assert.Equal(2, (await _conversation.GetHeadAsync())!.Version);
    }

    [Fact]
    public async Task Adding_nothing_creates_nothing()
    {
        Assert.Equal(0, await _memory.AddAsync((ChatMessage?)null));
        Assert.Equal(0, await _memory.AddAsync((IEnumerable<ChatMessage>?)null));
        Assert.Equal(0, await _memory.AddAsync([]));
        Assert.Null(await _conversation.GetHeadAsync());
    }

    [Fact]
    public async Task A_list_with_a_null_is_refused_and_nothing_of_it_is_added()
    {
        await Assert.ThrowsAsync<ArgumentNullException>(() => _memory.AddAsync([User("a"), null!]));
        Assert.Equal(0, await _memory.GetSizeAsync());
    }

    [Fact]
    public async Task A_message_without_an_id_gets_one_and_the_callers_own_is_left_alone()
    {
        ChatMessage[] given = [User("a"), User("b"), User("c", "mine")];
        await _memory.AddAsync(given);
        IReadOnlyList<ChatMessage> stored = await _memory.GetMessagesAsync();
        Assert.Equal([null, null, "mine"], given.Select(message => message.MessageId));
        Assert.Equal("mine", stored[2].MessageId);
        Assert.All(stored.Take(2), message => Assert.Matches("^msg_[0-9a-f]{12}$", message.MessageId));
        Assert.Equal(3, stored.Select(message => message.MessageId).Distinct().Count());
    }

    [Fact]
    public async Task What_is_read_is_a_copy()
    {
        await _memory.AddAsync(User("a"));
        (await _memory.GetLastMessageAsync())!.Contents.Clear();
        Assert.Equal(["a"], await TextsAsync());
    }

    [Fact]
    public async Task A_stored_id_is_skipped_silently_unless_duplicates_are_allowed()
    {
        await _memory.AddAsync([User("a", "1"), User("b", "2")]);
        Assert.Equal(1, await _memory.AddAsync([User("again", "2"), User("c", "3")]));
        Assert.Equal(0, await _memory.AddAsync(User("again", "1")));
        Assert.Equal(["a", "b", "c"], await TextsAsync());
        Assert.Equal(2, (await _conversation.GetHeadAsync())!.Version);
        Assert.Equal(1, await _memory.AddAsync(User("again", "1"), DuplicateHandling.Allow));
        Assert.Equal(["a", "b", "c", "again"], await TextsAsync());
    }

    [Fact]
    public async Task Within_one_call_the_first_message_of_an_id_is_kept()
    {
        Assert.Equal(1, await _memory.AddAsync([User("first", "1"), User("second", "1")]));
        Assert.Equal(2, await _memory.AddAsync([User("third", "2"), User("fourth", "2")], DuplicateHandling.Allow));
        Assert.Equal(["first", "third", "fourth"], await TextsAsync());
    }

    [Fact]
    public async Task Ids_that_others_wrote_count_and_ids_that_have_gone_do_not()
    {
        await _memory.AddAsync([User("a", "1"), User("b", "2")]);
        await _conversation.AppendAsync(User("c", "3"));
        Assert.Equal(0, await _memory.AddAsync(User("again", "3")));

        await _memory.TruncateToSizeAsync(1);
        Assert.Equal(1, await _memory.AddAsync([User("a", "1"), User("again", "3")]));

        await _memory.DeleteAsync(0);
        Assert.Equal(1, await _memory.AddAsync([User("c", "3"), User("again", "1")]));

        await _conversation.DeleteAsync();
        Assert.Equal(2, await _memory.AddAsync([User("a", "1"), User("c", "3")]));
        Assert.Equal(["a", "c"], await TextsAsync());
    }

    [Fact]
    public async Task A_memory_that_was_deleted_and_filled_again_is_not_taken_for_the_old_one()
    {
        // A host of its own: its clock stands still.
        var clock = new ManualUtcClock();
        await using GrainHost host = await GrainHost.InMemoryAsync(clock);
        Conversation conversation = Clients.Of(host).Get("c");
        var memory = new ConversationMemory(conversation);
        await memory.AddAsync([User("a", "1"), User("b", "2")]);
        await memory.AddAsync(User("c", "3"));

        // The same instant, more turns and more messages: only the messages themselves tell.
        await conversation.DeleteAsync();
        for (int i = 0; i < 5; i++)
        {
            await conversation.AppendAsync(User("other", FormattableString.Invariant($"other {i}")));
        }

        Assert.Equal(3, await memory.AddAsync([User("a", "1"), User("b", "2"), User("c", "3")]));
    }

    [Fact]
    public async Task A_call_that_is_made_again_under_its_turn_id_adds_nothing_twice()
    {
        ChatMessage[] messages = [User("a"), User("b", "mine")];
        foreach (DuplicateHandling duplicates in (DuplicateHandling[])[DuplicateHandling.Skip, DuplicateHandling.Allow])
        {
            await _memory.AddAsync(messages, duplicates, "turn");
            await new ConversationMemory(_conversation).AddAsync(messages, duplicates, "turn");
            Assert.Equal(["a", "b"], await TextsAsync());
        }
    }

    [Theory]
    [InlineData(null, 5)]
    [InlineData(0, 5)]
    [InlineData(-3, 5)]
    [InlineData(2, 2)]
    [InlineData(5, 5)]
    [InlineData(100, 5)]
    public async Task A_limit_above_0_takes_the_newest(int? limit, int expected)
    {
        await FillAsync(5);
        Assert.Equal(
            Enumerable.Range(6 - expected, expected).Select(i => $"{i}"),
            (await _memory.GetMessagesAsync(limit)).Select(message => message.Text)
        );
    }

    [Fact]
    public async Task A_long_memory_is_read_whole_and_by_a_limit_beyond_a_page()
    {
        await FillAsync(1_234);
        Assert.Equal(1_234, (await _memory.GetMessagesAsync()).Count);
        IReadOnlyList<ChatMessage> newest = await _memory.GetMessagesAsync(1_100);
        Assert.Equal(("135", "1234", 1_100), (newest[0].Text, newest[^1].Text, newest.Count));
    }

    [Fact]
    public async Task A_conversation_that_does_not_exist_is_an_empty_memory()
    {
        Assert.Equal(0, await _memory.GetSizeAsync());
        Assert.Empty(await _memory.GetMessagesAsync());
        Assert.Empty(await _memory.GetMessagesAsync(3));
        Assert.Null(await _memory.GetLastMessageAsync());
        Assert.Empty(await _memory.GetMessagesByRoleAsync(ChatRole.User));
        await _memory.ClearAsync();
        await _memory.TruncateToSizeAsync(3);
        Assert.Null(await _conversation.GetHeadAsync());
    }

    [Fact]
    public async Task The_last_message_is_the_newest()
    {
        await FillAsync(3);
        Assert.Equal("3", (await _memory.GetLastMessageAsync())!.Text);
    }

    [Fact]
    public async Task Roles_are_compared_exactly()
    {
        await _memory.AddAsync([User("a"), new ChatMessage(ChatRole.Assistant, "b"), User("c")]);
        Assert.Equal(["a", "c"], (await _memory.GetMessagesByRoleAsync(ChatRole.User)).Select(message => message.Text));
        Assert.Empty(await _memory.GetMessagesByRoleAsync(ChatRole.System));
        Assert.Empty(await _memory.GetMessagesByRoleAsync(new ChatRole("User")));
        Assert.Empty(await _memory.GetMessagesByRoleAsync(new ChatRole("moderator")));
    }

    [Fact]
    public async Task Messages_are_deleted_by_their_places()
    {
        await FillAsync(6);
        await _memory.DeleteAsync(0);
        await _memory.DeleteAsync([1, 3, 1]);
        Assert.Equal(["2", "4", "6"], await TextsAsync());
        await _memory.DeleteAsync(Enumerable.Range(0, 3).Where(i => i != 1));
        Assert.Equal(["4"], await TextsAsync());
        await _memory.DeleteAsync([]);
        await _memory.DeleteAsync(0);
        Assert.Empty(await _memory.GetMessagesAsync());
    }

    [Theory]
    [InlineData(new[] { 0, 5, -1 }, "The following indices do not exist: [5, -1]. Valid range is 0-2")]
    [InlineData(new[] { 3 }, "The following indices do not exist: [3]. Valid range is 0-2")]
    public async Task Deleting_what_is_not_there_deletes_nothing(int[] indices, string text)
    {
        await FillAsync(3);
        var failure = await Assert.ThrowsAsync<MessageIndexException>(() => _memory.DeleteAsync(indices));
        Assert.Equal(text, failure.Message);
        Assert.Equal(3, failure.Count);
        Assert.Equal(["1", "2", "3"], await TextsAsync());
    }

    [Fact]
    public async Task Deleting_from_an_empty_memory_says_that_it_is_empty()
    {
        var failure = await Assert.ThrowsAsync<MessageIndexException>(() => _memory.DeleteAsync([0, .. Enumerable.Range(1, 30)]));
        Assert.StartsWith("The following indices do not exist: [0, 1, ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("19, …]. There are no messages", failure.Message, StringComparison.Ordinal);
        Assert.Equal(31, failure.Indices.Length);
    }

    [Fact]
    public async Task Truncating_keeps_the_newest_and_0_empties()
    {
        await FillAsync(5);
        await _memory.TruncateToSizeAsync(3);
        Assert.Equal(["3", "4", "5"], await TextsAsync());
        await _memory.TruncateToSizeAsync(3);
        await _memory.TruncateToSizeAsync(100);
        Assert.Equal(2, (await _conversation.GetHeadAsync())!.Version);
        await _memory.TruncateToSizeAsync(0);
        Assert.Empty(await _memory.GetMessagesAsync());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _memory.TruncateToSizeAsync(-1));
    }

    [Fact]
    public async Task Truncating_keeps_a_tool_call_with_its_result()
    {
        await _memory.AddAsync([
            User("?"),
            new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("call", "f")]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("call", 1)]),
        ]);
        await _memory.TruncateToSizeAsync(1);
        Assert.Equal([ChatRole.Assistant, ChatRole.Tool], (await _memory.GetMessagesAsync()).Select(message => message.Role));
    }

    [Fact]
    public async Task Clearing_leaves_entries_and_settings()
    {
        await FillAsync(2);
        await _conversation.SetEntryAsync(EntrySpaces.Globals, "k", "1");
        await _memory.ClearAsync();
        Assert.Equal(0, await _memory.GetSizeAsync());
        Assert.NotNull(await _conversation.GetEntryAsync(EntrySpaces.Globals, "k"));
    }

    [Fact]
    public async Task A_choice_that_does_not_exist_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _memory.AddAsync(User("a"), (DuplicateHandling)7));
        Assert.Throws<ArgumentNullException>(() => new ConversationMemory(null!));
        Assert.Throws<ArgumentNullException>(() =>
        {
            _ = _memory.DeleteAsync(null!);
        });
    }

    private static ChatMessage User(string text, string? id = null) => new(ChatRole.User, text) { MessageId = id };

    private async Task FillAsync(int count) => await _memory.AddAsync(Enumerable.Range(1, count).Select(i => User($"{i}")));

    private async Task<IEnumerable<string>> TextsAsync() => (await _memory.GetMessagesAsync()).Select(message => message.Text);
}
