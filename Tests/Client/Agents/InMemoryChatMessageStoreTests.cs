using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Agents;
using OrleansMemory.Client.Agents.Errors;
using Xunit;

namespace OrleansMemory.Tests.Client.Agents;

public sealed class InMemoryChatMessageStoreTests
{
    [Fact]
    public async Task Messages_are_listed_oldest_first_as_a_copy_and_kept_in_a_live_list()
    {
        var store = new InMemoryChatMessageStore([User("a")]);
        IReadOnlyList<ChatMessage> listed = await store.ListMessagesAsync();
        await store.AddMessagesAsync([User("b"), User("c")]);
        Assert.Equal(["a"], Texts(listed));
        Assert.Equal(["a", "b", "c"], Texts(await store.ListMessagesAsync()));
        Assert.Equal(["a", "b", "c"], Texts(store.Messages));
    }

    [Fact]
    public async Task Adding_under_the_same_turn_id_adds_nothing_twice()
    {
        var store = new InMemoryChatMessageStore();
        await store.AddMessagesAsync([User("a")], "turn");
        await store.AddMessagesAsync([User("a")], "turn");
        await store.AddMessagesAsync([User("b")]);
        await store.AddMessagesAsync([User("b")]);
        Assert.Equal(["a", "b", "b"], Texts(store.Messages));
    }

    [Fact]
    public async Task A_list_with_a_null_adds_nothing()
    {
        var store = new InMemoryChatMessageStore();
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.AddMessagesAsync([User("a"), null!], "turn"));
        Assert.Empty(store.Messages);
        await store.AddMessagesAsync([User("a")], "turn");
        Assert.Single(store.Messages);
    }

    [Fact]
    public async Task A_state_has_Agent_Frameworks_form()
    {
        var store = new InMemoryChatMessageStore(
        [
            new ChatMessage(ChatRole.User, "a") { MessageId = "m", AuthorName = "Ada", RawRepresentation = new object() },
            new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("1", "f", new Dictionary<string, object?> { ["x"] = 2 })]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("1", "r")]),
        ]);
        Assert.Equal(
            """{"type":"chat_message_store_state","messages":["""
            + """{"type":"chat_message","role":{"type":"role","value":"user"},"contents":[{"type":"text","text":"a"}],"author_name":"Ada","message_id":"m","additional_properties":{}},"""
            + """{"type":"chat_message","role":{"type":"role","value":"assistant"},"contents":[{"type":"function_call","call_id":"1","name":"f","arguments":{"x":2}}],"additional_properties":{}},"""
            + """{"type":"chat_message","role":{"type":"role","value":"tool"},"contents":[{"type":"function_result","call_id":"1","result":"r"}],"additional_properties":{}}]}""",
            (await store.SerializeAsync()).GetRawText());
        Assert.Equal("""{"type":"chat_message_store_state","messages":[]}""", (await new InMemoryChatMessageStore().SerializeAsync()).GetRawText());
    }

    [Fact]
    public async Task Every_content_and_text_survives_a_state()
    {
        ChatMessage[] messages =
        [
            new ChatMessage(ChatRole.User, "\ud83d\ude00 \ud800 \0 \"<") { CreatedAt = DateTimeOffset.UnixEpoch, AdditionalProperties = new() { ["k"] = "\udc00" } },
            new ChatMessage(ChatRole.Assistant, [new TextReasoningContent("why"), new TextReasoningContent("x") { ProtectedData = "p" }]),
            new ChatMessage(ChatRole.User, [new DataContent(new byte[] { 1, 2 }, "image/png"), new UriContent("https://example.org/a", "image/png")]),
            new ChatMessage(ChatRole.Assistant, [new ErrorContent("e") { ErrorCode = "1" }, new TextContent("t") { AdditionalProperties = new() { ["n"] = 1 } }]),
            new ChatMessage(ChatRole.Assistant, []),
        ];
        JsonElement state = await new InMemoryChatMessageStore(messages).SerializeAsync();

        InMemoryChatMessageStore store = InMemoryChatMessageStore.Deserialize(JsonElement.Parse(state.GetRawText()));

        Assert.Equal(messages[0].Text, store.Messages[0].Text);
        Assert.Equal((null, DateTimeOffset.UnixEpoch), (store.Messages[0].MessageId, store.Messages[0].CreatedAt));
        Assert.Null(store.Messages[1].CreatedAt);
        Assert.Equal("p", Assert.IsType<TextReasoningContent>(store.Messages[1].Contents[1]).ProtectedData);
        Assert.Equal([1, 2], Assert.IsType<DataContent>(store.Messages[2].Contents[0]).Data.ToArray());
        Assert.Equal("1", Assert.IsType<ErrorContent>(store.Messages[3].Contents[0]).ErrorCode);
        Assert.NotNull(store.Messages[3].Contents[1].AdditionalProperties);
        Assert.Equal(state.GetRawText(), (await store.SerializeAsync()).GetRawText());
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","contents":[{"type":"text","text":"a"}]}]}""")]
    [InlineData("""{"type":"chat_message_store_state","messages":[{"type":"chat_message","role":{"type":"role","value":"user"},"contents":[{"type":"text","text":"a"}],"additional_properties":{ }}]}""")]
    [InlineData("""{"messages":[{"role":{"value":"user"},"contents":[{"type":"ai_content","content":{"$type":"text","text":"a"}}],"message_id":null}]}""")]
    public async Task Older_and_shorter_forms_are_read_too(string state)
    {
        ChatMessage message = Assert.Single(await InMemoryChatMessageStore.Deserialize(JsonElement.Parse(state)).ListMessagesAsync());
        Assert.Equal((ChatRole.User, "a", null), (message.Role, message.Text, message.MessageId));
    }

    [Fact]
    public async Task Updating_replaces_and_an_empty_state_leaves_all_as_it_is()
    {
        var store = new InMemoryChatMessageStore([User("old")]);
        foreach (string nothing in (string[])["{}", "null", """{"type":"chat_message_store_state","messages":[]}""", """{"messages":null}"""])
        {
            await store.UpdateFromStateAsync(JsonElement.Parse(nothing));
            Assert.Equal(["old"], Texts(store.Messages));
        }

        await store.UpdateFromStateAsync(await new InMemoryChatMessageStore([User("new"), User("newer")]).SerializeAsync());
        Assert.Equal(["new", "newer"], Texts(store.Messages));
    }

    [Theory]
    [InlineData("""{"messages":"text"}""", "Messages should be a list")]
    [InlineData("""{"messages":{}}""", "Messages should be a list")]
    [InlineData("[]", "of type \"chat_message_store_state\"")]
    [InlineData("""{"type":"another_state","messages":[]}""", "of type \"chat_message_store_state\"")]
    [InlineData("""{"type":7,"messages":[]}""", "of type \"chat_message_store_state\"")]
    [InlineData("""{"messages":[7]}""", "messages[0]")]
    [InlineData("""{"messages":[{"contents":[]}]}""", "messages[0].role")]
    [InlineData("""{"messages":[{"role":7}]}""", "messages[0].role")]
    [InlineData("""{"messages":[{"role":"user","type":"other"}]}""", "messages[0].type")]
    [InlineData("""{"messages":[{"role":"user","contents":[{"type":"hologram"}]}]}""", "messages[0].contents[0].type")]
    [InlineData("""{"messages":[{"role":"user","contents":[{"type":"text","texts":"a"}]}]}""", "messages[0].contents[0].texts")]
    [InlineData("""{"messages":[{"role":"user","contents":[{"type":"text","text":7}]}]}""", "messages[0].contents[0]")]
    [InlineData("""{"messages":[{"role":"user","contents":[{"type":"ai_content","content":{"$type":"hologram"}}]}]}""", "messages[0].contents[0].$type")]
    [InlineData("""{"messages":[{"role":"user","created_at":"yesterday"}]}""", "messages[0].created_at")]
    public async Task What_is_no_state_is_refused_by_name(string state, string said)
    {
        var store = new InMemoryChatMessageStore([User("old")]);
        var failure = await Assert.ThrowsAsync<AgentThreadException>(async () => await store.UpdateFromStateAsync(JsonElement.Parse(state)));
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.Equal(["old"], Texts(store.Messages));
    }

    [Fact]
    public async Task What_was_never_parsed_is_refused() =>
        await Assert.ThrowsAsync<AgentThreadException>(async () => await new InMemoryChatMessageStore().UpdateFromStateAsync(default));

    [Fact]
    public async Task A_reducer_shapes_the_view_and_destroys_nothing()
    {
        var store = new InMemoryChatMessageStore([User("a"), User("b")], new NewestReducer(1));
        Assert.Equal(["b"], Texts(await store.ListMessagesAsync()));
        await store.AddMessagesAsync([User("c")]);
        Assert.Equal(["c"], Texts(await store.ListMessagesAsync()));
        Assert.Equal(["a", "b", "c"], Texts(store.Messages));
        Assert.Equal(3, (await store.SerializeAsync()).GetProperty("messages").GetArrayLength());
    }

    private static ChatMessage User(string text) => new(ChatRole.User, text);

    private static IEnumerable<string> Texts(IEnumerable<ChatMessage> messages) => messages.Select(message => message.Text);
}

/// <summary>Keeps the newest messages.</summary>
internal sealed class NewestReducer(int count) : IChatReducer
{
    public Task<IEnumerable<ChatMessage>> ReduceAsync(IEnumerable<ChatMessage> messages, CancellationToken cancellationToken) =>
        Task.FromResult(messages.TakeLast(count));
}
