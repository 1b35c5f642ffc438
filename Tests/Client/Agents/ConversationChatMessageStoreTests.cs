using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Agents;
using OrleansMemory.Client.Agents.Errors;
using OrleansMemory.Client.Compatibility.MassGen;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Agents;

public sealed class ConversationChatMessageStoreTests(SharedHosts hosts) : IAsyncLifetime
{
    private readonly string _tenant = SharedHosts.NewTenant();
    private GrainHost _host = null!;
    private ConversationClient _client = null!;
    private Conversation _conversation = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await hosts.InMemoryAsync();
        _client = Clients.Of(_host);
        _conversation = _client.Get(_tenant, "c");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task What_is_added_is_in_the_conversation_and_what_others_wrote_is_listed()
    {
        var store = new ConversationChatMessageStore(_conversation);
        Assert.Empty(await store.ListMessagesAsync());
        await store.AddMessagesAsync([]);
        Assert.Null(await _conversation.GetHeadAsync());

        await new ConversationMemory(_conversation).AddAsync(User("theirs"));
        await store.AddMessagesAsync([User("a"), User("b")]);
        Assert.Equal(["theirs", "a", "b"], Texts(await store.ListMessagesAsync()));
        Assert.Equal(2, (await _conversation.GetHeadAsync())!.Version);
    }

    [Fact]
    public async Task Adding_under_the_same_turn_id_adds_nothing_twice()
    {
        var store = new ConversationChatMessageStore(_conversation);
        await store.AddMessagesAsync([User("a")], "turn");
        await store.AddMessagesAsync([User("a")], "turn");
        Assert.Equal(["a"], Texts(await store.ListMessagesAsync()));
        await Assert.ThrowsAsync<TurnConflictException>(async () => await store.AddMessagesAsync([User("b")], "turn"));
    }

    [Fact]
    public async Task A_state_names_the_conversation_and_another_client_goes_on_there()
    {
        var store = new ConversationChatMessageStore(_conversation);
        await store.AddMessagesAsync([User("a")]);
        JsonElement state = await store.SerializeAsync();
        Assert.Equal($$"""{"type":"conversation_chat_message_store_state","tenant":"{{_tenant}}","id":"c"}""", state.GetRawText());

        ConversationChatMessageStore resumed = ConversationChatMessageStore.Deserialize(state, Clients.Of(_host));
        Assert.Equal(_conversation.Key, resumed.Conversation.Key);
        await resumed.UpdateFromStateAsync(state);
        await resumed.UpdateFromStateAsync(JsonElement.Parse("{}"));
        await resumed.UpdateFromStateAsync(JsonElement.Parse("null"));
        Assert.Equal(["a"], Texts(await resumed.ListMessagesAsync()));
    }

    [Theory]
    [InlineData("{}", "of type")]
    [InlineData("[]", "of type")]
    [InlineData("""{"type":"chat_message_store_state","messages":[]}""", "of type")]
    [InlineData("""{"type":"conversation_chat_message_store_state","tenant":"acme"}""", "id: ")]
    [InlineData("""{"type":"conversation_chat_message_store_state","tenant":"acme","id":7}""", "id: ")]
    [InlineData("""{"type":"conversation_chat_message_store_state","tenant":"a/b","id":"c"}""", "tenant: ")]
    [InlineData("""{"type":"conversation_chat_message_store_state","tenant":"a","id":"c","x":1}""", "x: ")]
    public void What_is_no_state_is_refused_by_name(string state, string said)
    {
        var failure = Assert.Throws<AgentThreadException>(() => ConversationChatMessageStore.Deserialize(JsonElement.Parse(state), _client));
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_of_another_conversation_is_refused()
    {
        JsonElement other = await new ConversationChatMessageStore(_client.Get(_tenant, "other")).SerializeAsync();
        var store = new ConversationChatMessageStore(_conversation);
        await Assert.ThrowsAsync<AgentThreadException>(async () => await store.UpdateFromStateAsync(other));
    }

    [Fact]
    public async Task A_bound_lists_the_newest_and_never_a_result_without_its_call()
    {
        await _conversation.AppendAsync(
        [
            User("a"),
            new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("1", "f"), new FunctionCallContent("2", "f")]),
            Result("1"),
            Result("2"),
            User("b"),
            new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("1", "f")]),
            Result("1"),
        ]);
        Assert.Equal(7, await CountAsync(7));
        Assert.Equal(7, await CountAsync(100));
        Assert.Equal(7, await CountAsync(null));
        Assert.Equal(6, await CountAsync(6));
        Assert.Equal(3, await CountAsync(5));
        Assert.Equal(3, await CountAsync(4));
        Assert.Equal(2, await CountAsync(2));
        Assert.Equal(0, await CountAsync(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Store(0));
    }

    [Fact]
    public async Task By_default_a_thousand_messages_are_listed()
    {
        await _conversation.AppendAsync(Enumerable.Range(1, 1_001).Select(i => User($"{i}")));
        IReadOnlyList<ChatMessage> listed = await new ConversationChatMessageStore(_conversation).ListMessagesAsync();
        Assert.Equal((1_000, "2"), (listed.Count, listed[0].Text));
    }

    [Fact]
    public async Task A_reducer_shapes_the_view_and_destroys_nothing()
    {
        var store = new ConversationChatMessageStore(_conversation, new ConversationChatMessageStoreOptions { Reducer = new NewestReducer(1) });
        await store.AddMessagesAsync([User("a"), User("b")]);
        Assert.Equal(["b"], Texts(await store.ListMessagesAsync()));
        Assert.Equal(2, (await _conversation.GetHeadAsync())!.MessageCount);
    }

    private static ChatMessage User(string text) => new(ChatRole.User, text);

    private static ChatMessage Result(string callId) => new(ChatRole.Tool, [new FunctionResultContent(callId, "r")]);

    private static IEnumerable<string> Texts(IEnumerable<ChatMessage> messages) => messages.Select(message => message.Text);

    private ConversationChatMessageStore Store(int? bound) =>
        new(_conversation, new ConversationChatMessageStoreOptions { MaxMessages = bound });

    private async Task<int> CountAsync(int? bound) => (await Store(bound).ListMessagesAsync()).Count;
}
