using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Agents;
using OrleansMemory.Client.Agents.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Agents;

public sealed class AgentThreadTests(SharedHosts hosts)
{
    private const string OneOnly = "Only the service_thread_id or message_store may be set, but not both";
    private const string NoSwitching = OneOnly + " and switching from one to another is not supported.";

    [Fact]
    public void A_thread_is_of_a_service_or_has_a_store()
    {
        Assert.Equal(
            OneOnly + ".",
            Assert.Throws<AgentThreadException>(() => new AgentThread("id", new InMemoryChatMessageStore())).Message);
        Assert.False(new AgentThread().IsInitialized);
        Assert.True(new AgentThread("id").IsInitialized);
        Assert.True(new AgentThread(messageStore: new InMemoryChatMessageStore()).IsInitialized);
        Assert.Throws<ArgumentException>(() => new AgentThread(" "));
    }

    [Fact]
    public void Setting_null_changes_nothing_and_like_replaces_like()
    {
        var thread = new AgentThread("one") { MessageStore = null };
        thread.ServiceThreadId = null;
        Assert.Equal("one", thread.ServiceThreadId);
        thread.ServiceThreadId = "two";
        Assert.Equal("two", thread.ServiceThreadId);
        Assert.Equal(NoSwitching, Assert.Throws<AgentThreadException>(() => thread.MessageStore = new InMemoryChatMessageStore()).Message);
        Assert.Null(thread.MessageStore);

        var other = new InMemoryChatMessageStore();
        var stored = new AgentThread(messageStore: new InMemoryChatMessageStore()) { ServiceThreadId = null };
        stored.MessageStore = null;
        Assert.NotNull(stored.MessageStore);
        stored.MessageStore = other;
        Assert.Same(other, stored.MessageStore);
        Assert.Equal(NoSwitching, Assert.Throws<AgentThreadException>(() => stored.ServiceThreadId = "id").Message);
        Assert.Null(stored.ServiceThreadId);
    }

    [Fact]
    public async Task New_messages_go_to_the_store_which_is_made_when_it_is_needed()
    {
        var thread = new AgentThread();
        await thread.OnNewMessagesAsync(User("a"));
        await thread.OnNewMessagesAsync([User("b"), User("c")], "turn");
        await thread.OnNewMessagesAsync([User("b"), User("c")], "turn");
        Assert.Equal(["a", "b", "c"], Texts(Assert.IsType<InMemoryChatMessageStore>(thread.MessageStore).Messages));
    }

    [Fact]
    public async Task A_service_keeps_its_own_messages()
    {
        var thread = new AgentThread("id");
        await thread.OnNewMessagesAsync(User("a"));
        await thread.OnNewMessagesAsync([User("b")]);
        Assert.Null(thread.MessageStore);
    }

    [Fact]
    public async Task A_state_says_who_keeps_the_messages_and_writes_nulls()
    {
        Assert.Equal(
            """{"type":"agent_thread_state","service_thread_id":null,"chat_message_store_state":null}""",
            (await new AgentThread().SerializeAsync()).GetRawText());
        Assert.Equal(
            """{"type":"agent_thread_state","service_thread_id":"id","chat_message_store_state":null}""",
            (await new AgentThread("id").SerializeAsync()).GetRawText());
        Assert.Equal(
            """{"type":"agent_thread_state","service_thread_id":null,"chat_message_store_state":{"type":"chat_message_store_state","messages":[]}}""",
            (await new AgentThread(messageStore: new InMemoryChatMessageStore()).SerializeAsync()).GetRawText());
    }

    [Fact]
    public async Task A_thread_is_made_from_its_state()
    {
        Assert.Equal("id", (await AgentThread.DeserializeAsync(await new AgentThread("id").SerializeAsync(), new InMemoryChatMessageStore())).ServiceThreadId);
        Assert.False((await AgentThread.DeserializeAsync(await new AgentThread().SerializeAsync(), new InMemoryChatMessageStore())).IsInitialized);
        Assert.False((await AgentThread.DeserializeAsync(JsonElement.Parse("{}"))).IsInitialized);
        Assert.Empty((await Resumed("""{"chat_message_store_state":{}}""")).Messages);

        AgentThread thread = await FilledAsync("a \ud800", "b");
        InMemoryChatMessageStore store = await Resumed((await thread.SerializeAsync()).GetRawText());
        Assert.Equal(["a \ud800", "b"], Texts(store.Messages));
    }

    [Fact]
    public async Task The_messages_of_a_state_are_added_to_a_store_that_is_given()
    {
        JsonElement state = await (await FilledAsync("b")).SerializeAsync();
        var store = new InMemoryChatMessageStore([User("a")]);
        AgentThread thread = await AgentThread.DeserializeAsync(state, store);
        Assert.Same(store, thread.MessageStore);
        Assert.Equal(["a", "b"], Texts(store.Messages));
    }

    [Fact]
    public async Task A_store_that_fails_fails_the_thread()
    {
        JsonElement state = await (await FilledAsync("b")).SerializeAsync();
        var failure = await Assert.ThrowsAsync<AgentThreadException>(async () => await AgentThread.DeserializeAsync(state, new FailingStore()));
        Assert.Equal("Failed to deserialize the provided message store.", failure.Message);
        Assert.IsType<TimeoutException>(failure.InnerException);
    }

    [Fact]
    public async Task Updating_adds_and_twice_doubles()
    {
        JsonElement state = await (await FilledAsync("b")).SerializeAsync();
        AgentThread thread = await FilledAsync("a");
        await thread.UpdateFromThreadStateAsync(state);
        await thread.UpdateFromThreadStateAsync(state);
        Assert.Equal(["a", "b", "b"], Texts(((InMemoryChatMessageStore)thread.MessageStore!).Messages));

        var empty = new AgentThread();
        await empty.UpdateFromThreadStateAsync(await new AgentThread().SerializeAsync());
        Assert.False(empty.IsInitialized);
        await empty.UpdateFromThreadStateAsync(state);
        Assert.Equal(["b"], Texts(((InMemoryChatMessageStore)empty.MessageStore!).Messages));
    }

    [Fact]
    public async Task Updating_takes_over_a_services_thread_but_never_switches()
    {
        JsonElement service = await new AgentThread("id").SerializeAsync();
        var thread = new AgentThread();
        await thread.UpdateFromThreadStateAsync(service);
        Assert.Equal("id", thread.ServiceThreadId);
        JsonElement stored = await (await FilledAsync("a")).SerializeAsync();
        Assert.Equal(NoSwitching, (await Assert.ThrowsAsync<AgentThreadException>(async () => await thread.UpdateFromThreadStateAsync(stored))).Message);
        AgentThread other = await FilledAsync("a");
        await Assert.ThrowsAsync<AgentThreadException>(async () => await other.UpdateFromThreadStateAsync(service));
    }

    [Theory]
    [InlineData("""{"service_thread_id":"id","chat_message_store_state":{"messages":[]}}""", "A thread cannot have both a service_thread_id and a chat_message_store.")]
    [InlineData("[]", "body: ")]
    [InlineData("null", "body: ")]
    [InlineData("\"text\"", "body: ")]
    [InlineData("""{"service_thread_id":7}""", "service_thread_id: ")]
    [InlineData("""{"service_thread_id":" "}""", "service_thread_id: ")]
    [InlineData("""{"type":"chat_message_store_state"}""", "agent_thread_state")]
    [InlineData("""{"other":1}""", "other: ")]
    [InlineData("""{"chat_message_store_state":[]}""", "of type")]
    [InlineData("""{"chat_message_store_state":"text"}""", "of type")]
    [InlineData("""{"chat_message_store_state":{"messages":7}}""", "Messages should be a list")]
    [InlineData("""{"chat_message_store_state":{"type":"redis_state"}}""", "of type")]
    [InlineData("""{"chat_message_store_state":{"type":"conversation_chat_message_store_state","tenant":"t","id":"c"}}""", "Pass the client")]
    public async Task What_is_no_state_is_refused_by_name(string state, string said)
    {
        JsonElement element = JsonElement.Parse(state);
        var failure = await Assert.ThrowsAsync<AgentThreadException>(async () => await AgentThread.DeserializeAsync(element));
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        var thread = new AgentThread();
        await Assert.ThrowsAsync<AgentThreadException>(async () => await thread.UpdateFromThreadStateAsync(element));
        Assert.False(thread.IsInitialized);
    }

    [Fact]
    public async Task What_was_never_parsed_is_refused() =>
        await Assert.ThrowsAsync<AgentThreadException>(async () => await AgentThread.DeserializeAsync(default));

    [Fact]
    public async Task A_thread_in_a_conversation_goes_on_there_and_nothing_is_doubled()
    {
        GrainHost host = await hosts.InMemoryAsync();
        ConversationClient client = Clients.OfNewTenant(host);
        var thread = new AgentThread(messageStore: new ConversationChatMessageStore(client.Get("c")));
        await thread.OnNewMessagesAsync(User("a"));
        JsonElement state = await thread.SerializeAsync();

        AgentThread resumed = await AgentThread.DeserializeAsync(state, conversations: client);
        await resumed.UpdateFromThreadStateAsync(state);
        await resumed.OnNewMessagesAsync(User("b"));
        AgentThread given = await AgentThread.DeserializeAsync(state, new ConversationChatMessageStore(client.Get("c")));
        var late = new AgentThread();
        await late.UpdateFromThreadStateAsync(state, client);

        foreach (AgentThread any in (AgentThread[])[thread, resumed, given, late])
        {
            Assert.Equal(["a", "b"], Texts(await any.MessageStore!.ListMessagesAsync()));
        }

        await Assert.ThrowsAsync<AgentThreadException>(
            async () => await AgentThread.DeserializeAsync(state, new ConversationChatMessageStore(client.Get("other"))));
    }

    [Fact]
    public async Task A_thread_in_memory_moves_into_a_conversation()
    {
        GrainHost host = await hosts.InMemoryAsync();
        JsonElement state = await (await FilledAsync("a", "b")).SerializeAsync();
        var store = new ConversationChatMessageStore(Clients.OfNewTenant(host).Get("c"));
        await AgentThread.DeserializeAsync(state, store);
        Assert.Equal(["a", "b"], Texts(await store.ListMessagesAsync()));
        Assert.Equal(1, (await store.Conversation.GetHeadAsync())!.Version);
    }

    private static ChatMessage User(string text) => new(ChatRole.User, text);

    private static IEnumerable<string> Texts(IEnumerable<ChatMessage> messages) => messages.Select(message => message.Text);

    private static async Task<AgentThread> FilledAsync(params string[] texts)
    {
        var thread = new AgentThread();
        await thread.OnNewMessagesAsync(texts.Select(User));
        return thread;
    }

    private static async Task<InMemoryChatMessageStore> Resumed(string state) =>
        (InMemoryChatMessageStore)(await AgentThread.DeserializeAsync(JsonElement.Parse(state))).MessageStore!;
}

/// <summary>A store that takes nothing.</summary>
internal sealed class FailingStore : IChatMessageStore
{
    public ValueTask<IReadOnlyList<ChatMessage>> ListMessagesAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IReadOnlyList<ChatMessage>>([]);

    public ValueTask AddMessagesAsync(IEnumerable<ChatMessage> messages, string? turnId = null, CancellationToken cancellationToken = default) =>
        ValueTask.FromException(new TimeoutException());

    public ValueTask<JsonElement> SerializeAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(JsonElement.Parse("{}"));

    public ValueTask UpdateFromStateAsync(JsonElement state, CancellationToken cancellationToken = default) =>
        ValueTask.FromException(new TimeoutException());
}
