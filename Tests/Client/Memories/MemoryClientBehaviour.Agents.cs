using Microsoft.Extensions.AI;
using OrleansMemory.Client.Agents;
using OrleansMemory.Client.Agents.Errors;
using OrleansMemory.Client.Runs;
using OrleansMemory.Errors;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Memories;

public abstract partial class MemoryClientBehaviour
{
    private const string Hotel = "I need to book a hotel in New York for 2 stays.";

    [Fact]
    public async Task What_one_thread_is_told_another_thread_of_the_user_is_reminded_of()
    {
        ScriptedChatClient model = new ScriptedChatClient().Says("Here are some suggestions:");
        ChatAgent agent = Agent(model, Provider(options => options.UserId = "alice"));
        await agent.RunAsync(Hotel, agent.GetNewThread());
        await agent.RunAsync("Which hotel was it?", agent.GetNewThread());

        Assert.Equal([Hotel], model.Requests[0].Texts);
        Assert.Contains($"- \"user: {Hotel}\"", model.Requests[1].Texts.First(), StringComparison.Ordinal);
        Assert.Equal("Which hotel was it?", model.Requests[1].Texts.Last());

        ChatAgent another = Agent(model, Provider(options => options.UserId = "bob"));
        await another.RunAsync("Which hotel was it?", another.GetNewThread());
        Assert.Equal(["Which hotel was it?"], model.Requests[2].Texts);
    }

    [Fact]
    public async Task Memories_are_given_to_the_model_and_not_stored_in_the_thread()
    {
        await Memory(user: "alice").SaveToMemoryAsync("why", ["Trip to New York"]);
        ScriptedChatClient model = new ScriptedChatClient().Says("!");
        ChatAgent agent = Agent(model, Provider(options => (options.UserId, options.Channel) = ("alice", MemoryChannel.Instructions)));
        AgentThread thread = agent.GetNewThread();
        await agent.RunAsync("Plan the trip", thread);
        Assert.Contains("- \"Trip to New York\"", model.Requests[0].Options!.Instructions, StringComparison.Ordinal);
        Assert.Equal(["Plan the trip", "!"], (await thread.MessageStore!.ListMessagesAsync()).Select(message => message.Text));
    }

    [Fact]
    public async Task A_run_of_a_conversation_that_is_made_again_is_recorded_once_and_goes_with_the_conversation()
    {
        ChatAgent agent = Agent(new ScriptedChatClient().Says("Here are some suggestions:"), Provider(options => options.UserId = "alice"), "trip");
        AgentThread thread = agent.GetNewThread();
        await agent.RunAsync(Hotel, thread, new AgentRunOptions { TurnId = "run 1" });
        await agent.RunAsync(Hotel, thread, new AgentRunOptions { TurnId = "run 1" });
        Assert.Equal(["Here are some suggestions:", Hotel], await TextsAsync("alice"));
        Assert.All((await Memory(user: "alice").Memories.ListAsync()).Memories, memory => Assert.Equal("trip", memory.ConversationId));

        await agent.RunAsync(Hotel, thread, new AgentRunOptions { TurnId = "run 2" });
        Assert.Equal(4, (await TextsAsync("alice")).Length);

        await Client.Get(_tenant, "trip").DeleteAsync();
        Assert.Empty(await TextsAsync("alice"));
    }

    [Fact]
    public async Task The_same_turn_id_in_two_conversations_is_two_runs()
    {
        foreach (string id in (string[])["one", "two"])
        {
            ChatAgent agent = Agent(new ScriptedChatClient().Says("!"), Provider(options => options.UserId = "alice"), id);
            await agent.RunAsync(Hotel, agent.GetNewThread(), new AgentRunOptions { TurnId = "run 1" });
        }

        Assert.Equal(["!", Hotel, "!", Hotel], await TextsAsync("alice"));
    }

    [Fact]
    public async Task A_conversation_of_another_tenant_is_not_named_in_its_memories()
    {
        var store = new ConversationChatMessageStore(Client.Get("elsewhere", "trip" + _tenant));
        var agent = new ChatAgent(
            new ScriptedChatClient().Says("!"), new ChatAgentOptions { ContextProviders = [Provider(options => options.UserId = "alice")], MessageStoreFactory = () => store });
        await agent.RunAsync(Hotel, agent.GetNewThread());
        Assert.All((await Memory(user: "alice").Memories.ListAsync()).Memories, memory => Assert.Null(memory.ConversationId));
        Assert.Equal(2, (await TextsAsync("alice")).Length);
    }

    [Fact]
    public async Task A_run_that_fails_or_is_abandoned_is_not_recorded()
    {
        ChatAgent failing = Agent(new ScriptedChatClient().Fails(new TimeoutException()), Provider(options => options.UserId = "alice"));
        await Assert.ThrowsAsync<TimeoutException>(() => failing.RunAsync(Hotel, failing.GetNewThread()));

        ChatAgent streaming = Agent(new ScriptedChatClient().Says("one", "two"), Provider(options => options.UserId = "alice"));
        await foreach (ChatResponseUpdate update in streaming.RunStreamingAsync(Hotel, streaming.GetNewThread()))
        {
            Assert.Equal("one", update.Text);
            break;
        }

        Assert.Empty(await TextsAsync("alice"));
        await foreach (ChatResponseUpdate _ in streaming.RunStreamingAsync(Hotel, streaming.GetNewThread()))
        {
            // Read to its end.
        }

        Assert.Equal(["onetwo", Hotel], await TextsAsync("alice"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("trip")]
    public async Task Threads_with_memories_of_their_own_do_not_share_them(string? conversation)
    {
        ScriptedChatClient model = new ScriptedChatClient().Says("!");
        MemoryContextProvider own = Provider(options => (options.UserId, options.ScopeToPerOperationThreadId) = ("alice", true));
        ChatAgent agent = Agent(model, own, conversation);
        AgentThread thread = agent.GetNewThread();
        await agent.RunAsync(Hotel, thread);
        await agent.RunAsync("Which hotel?", thread);
        Assert.Contains(model.Requests[1].Texts, text => text.Contains($"- \"user: {Hotel}\"", StringComparison.Ordinal));
        await Assert.ThrowsAsync<AgentExecutionException>(() => agent.RunAsync("Which hotel?", new AgentThread(messageStore: new InMemoryChatMessageStore())));

        ChatAgent another = Agent(model, Provider(options => (options.UserId, options.ScopeToPerOperationThreadId) = ("alice", true)), conversation is null ? null : "another");
        await another.RunAsync("Which hotel?", another.GetNewThread());
        Assert.Equal(["Which hotel?"], model.Requests[^1].Texts);
        if (conversation is not null)
        {
            Assert.Contains(Hotel, await Memory(user: "alice", session: conversation).RetrieveAsync("hotel"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_service_thread_is_known_from_its_first_answer()
    {
        ScriptedChatClient model = new ScriptedChatClient().Answers(new ChatResponse(new ChatMessage(ChatRole.Assistant, "!")) { ConversationId = "service-1" });
        var agent = new ChatAgent(
            model, new ChatAgentOptions { ContextProviders = [Provider(options => (options.UserId, options.ScopeToPerOperationThreadId) = ("alice", true))] });
        AgentThread thread = agent.GetNewThread();
        await agent.RunAsync(Hotel, thread);
        await agent.RunAsync("Which hotel?", thread);
        Assert.Contains($"- \"user: {Hotel}\"", model.Requests[1].Texts.First(), StringComparison.Ordinal);
        Assert.Contains(Hotel, await Memory(user: "alice", session: "service-1").RetrieveAsync("hotel"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_chat_client_with_a_conversation_remembers_across_conversations(bool streaming)
    {
        ScriptedChatClient model = new ScriptedChatClient().Says("Here are some suggestions:");
        MemoryContextProvider provider = Provider(options => options.UserId = "alice");
        using ConversationChatClient client = model.WithConversation(Client, options => (options.Tenant, options.ContextProvider) = (_tenant, provider));
        for (int i = 0; i < 2; i++)
        {
            await RunAsync(client, streaming, Hotel, "one", "run 1");
        }

        Assert.Equal(["Here are some suggestions:", Hotel], await TextsAsync("alice"));
        await RunAsync(client, streaming, "Which hotel was it?", "two", "run 1");
        Assert.Contains($"- \"user: {Hotel}\"", model.Requests[^1].Texts.First(), StringComparison.Ordinal);
        Assert.Equal(["two", "two", "one", "one"], (await Memory(user: "alice").Memories.ListAsync()).Memories.Select(memory => memory.ConversationId));
        Assert.Equal(2, (await Client.Get(_tenant, "two").GetHeadAsync())!.MessageCount);
    }

    [Fact]
    public async Task A_run_whose_memory_is_unavailable_goes_on_unless_told_to_fail()
    {
        ScriptedChatClient model = new ScriptedChatClient().Says("!");
        MemoryContextProvider lenient = Broken(MemoryFailureHandling.Skip), strict = Broken(MemoryFailureHandling.Fail);
        Assert.Equal("!", (await Agent(model, lenient).RunAsync(Hotel)).Text);
        await Assert.ThrowsAsync<MemoryUnavailableException>(() => Agent(model, strict).RunAsync(Hotel));
        Assert.Single(model.Requests);

        static MemoryContextProvider Broken(MemoryFailureHandling handling)
        {
            var script = new MemoryScript();
            script.Scope.Fails<RecallResult>(nameof(IMemoryGrain.RecallAsync), new MemoryUnavailableException(TimeSpan.Zero));
            script.Scope.Fails<RecordReceipt>(nameof(IMemoryGrain.RecordAsync), new MemoryUnavailableException(TimeSpan.Zero));
            return new MemoryContextProvider(
                script.Client(options => options.MaxRetries = 0), new MemoryContextProviderOptions { UserId = "alice", FailureHandling = handling });
        }
    }

    private static Task<ChatResponse> RunAsync(ConversationChatClient client, bool streaming, string text, string conversation, string turnId)
    {
        var options = new ChatOptions { ConversationId = conversation, AdditionalProperties = new() { [ConversationChatClient.TurnIdProperty] = turnId } };
        return streaming ? client.GetStreamingResponseAsync([User(text)], options).ToChatResponseAsync() : client.GetResponseAsync([User(text)], options);
    }

    private MemoryContextProvider Provider(Action<MemoryContextProviderOptions> configure)
    {
        var options = new MemoryContextProviderOptions { Tenant = _tenant, FailureHandling = MemoryFailureHandling.Fail };
        configure(options);
        return new MemoryContextProvider(Client, options);
    }

    private ChatAgent Agent(IChatClient model, ContextProvider provider, string? conversation = null) => new(model, new ChatAgentOptions
    {
        ContextProviders = [provider],
        MessageStoreFactory = conversation is null ? null : () => new ConversationChatMessageStore(Client.Get(_tenant, conversation)),
    });

    private async Task<string[]> TextsAsync(string user) => [.. (await Memory(user: user).Memories.ListAsync()).Memories.Select(memory => memory.Text)];
}
