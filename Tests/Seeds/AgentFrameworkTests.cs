using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Agents;
using OrleansMemory.Tests.Client.Agents;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Seeds;

/// <summary>
/// The examples of Agent Framework's memory document, in its order. <c>Mem0Provider</c> and <c>RedisProvider</c> come with long-term memory; until then
/// <see cref="FactsOfUser"/> has their part.
/// </summary>
public sealed class AgentFrameworkTests : IAsyncLifetime
{
    private const string Hotel = "I need to book a hotel in New York for 2 stays.";
    private const string Suggestions = "Here are some suggestions:";
    private const string Allowance = "What's the daily meal allowance for the business trip?";
    private const string Amount = "The daily allowance for your business trip is $75...";

    private GrainHost _host = null!;
    private ConversationClient _client = null!;

    public async Task InitializeAsync()
    {
        _host = await GrainHost.InMemoryAsync();
        _client = Clients.Of(_host);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    /// <summary>Diagram component "Thread (Travel Planning)".</summary>
    [Fact]
    public async Task A_thread_keeps_the_conversation()
    {
        var agent = new ChatAgent(new ScriptedChatClient().Says(Suggestions));

        // Create a thread (like "Travel Planning" in the diagram)
        AgentThread thread = agent.GetNewThread();

        Assert.False(thread.IsInitialized);
        await agent.RunAsync(Hotel, thread);
        Assert.True(thread.IsInitialized);
    }

    /// <summary>Diagram components "User's message" and "Agent's message": the store's two methods.</summary>
    [Fact]
    public async Task A_message_store_keeps_messages_oldest_first()
    {
        foreach (IChatMessageStore store in (IChatMessageStore[])
            [new InMemoryChatMessageStore(), new ConversationChatMessageStore(_client.Get("store"))])
        {
            await store.AddMessagesAsync([new ChatMessage(ChatRole.User, Hotel)]);
            await store.AddMessagesAsync([new ChatMessage(ChatRole.Assistant, Suggestions)]);
            Assert.Equal([Hotel, Suggestions], Texts(await store.ListMessagesAsync()));
        }
    }

    /// <summary>Conversation flow.</summary>
    [Fact]
    public async Task All_messages_are_retained_in_the_threads_store()
    {
        var agent = new ChatAgent(new ScriptedChatClient().Says(Suggestions).Says(Amount));
        AgentThread thread = agent.GetNewThread();

        // User's message: "I need to book a hotel in New York for 2 stays."
        await agent.RunAsync("I need to book a hotel in New York for 2 stays.", thread);

        // Agent's message: "Here are some suggestions:"
        // (Stored automatically in the thread's message store)

        // User's message: "What's the daily meal allowance for the business trip?"
        await agent.RunAsync("What's the daily meal allowance for the business trip?", thread);

        // All messages are retained in the thread's message store
        Assert.Equal([Hotel, Suggestions, Allowance, Amount], Texts(((InMemoryChatMessageStore)thread.MessageStore!).Messages));
    }

    /// <summary>Diagram components "Run 1" and "Run 2": what happens behind the scenes.</summary>
    [Fact]
    public async Task Each_run_asks_for_context_and_tells_what_came_of_it()
    {
        var provider = new ScriptedProvider();
        var agent = new ChatAgent(
            new ScriptedChatClient().Says(Suggestions).Says(Amount), new ChatAgentOptions { ContextProviders = [provider] });
        AgentThread thread = agent.GetNewThread();

        ChatResponse result1 = await agent.RunAsync("I need to book a hotel in New York for 2 stays.", thread);
        ChatResponse result2 = await agent.RunAsync("What's the daily meal allowance for the business trip?", thread);

        Assert.Equal((Suggestions, Amount), (result1.Text, result2.Text));
        Assert.Equal(
            [$"invoking {Hotel}", $"invoked {Hotel} -> {Suggestions}", $"invoking {Allowance}", $"invoked {Allowance} -> {Amount}"], provider.Calls);
    }

    /// <summary>Diagram component "Memory": one base class; only <c>invoking</c> must be written.</summary>
    [Fact]
    public async Task A_provider_needs_to_say_only_what_it_adds()
    {
        ScriptedChatClient model = new ScriptedChatClient().Says("!");
        var agent = new ChatAgent(model, new ChatAgentOptions { ContextProviders = [new OnlyInvoking()] });
        await agent.RunAsync("?", agent.GetNewThread());
        Assert.Equal("Trip to New York", model.Requests[0].Options!.Instructions);
    }

    /// <summary>Concrete implementations: one provider, or several, of one user.</summary>
    [Fact]
    public async Task Memory_of_a_user_is_shared_by_all_threads()
    {
        ScriptedChatClient model = new ScriptedChatClient().Says("!");
        ChatAgent agent = NewAgent(model, Memory("user123"));
        await agent.RunAsync(Hotel, agent.GetNewThread());
        await agent.RunAsync("Another thread", agent.GetNewThread());
        Assert.Equal("## Memories\n- Trip to New York\n", model.Requests[1].Options!.Instructions);

        ChatAgent ofAnother = NewAgent(model, Memory("user456"));
        await ofAnother.RunAsync("Another user", ofAnother.GetNewThread());
        Assert.Null(model.Requests[2].Options!.Instructions);
    }

    /// <summary>Memory arrows: <c>invoked</c> stores, <c>invoking</c> retrieves.</summary>
    [Fact]
    public async Task What_invoked_stores_invoking_retrieves()
    {
        FactsOfUser memory = Memory("user123");
        await memory.InvokedAsync([new ChatMessage(ChatRole.User, Hotel)], [new ChatMessage(ChatRole.Assistant, Suggestions)], null);
        Context context = await memory.InvokingAsync([new ChatMessage(ChatRole.User, Allowance)]);
        Assert.Equal("## Memories\n- Trip to New York\n", context.Instructions);
    }

    /// <summary>Complete code flow. <c>docs/agent-framework.md</c> shows this code.</summary>
    [Fact]
    public async Task The_complete_flow_of_two_runs()
    {
        ConversationClient client = _client;
        FactsOfUser memory = Memory("user123");
        ScriptedChatClient chatClient = new ScriptedChatClient().Says(Suggestions).Says(Amount);

        // example
        // Step 1: Create agent with a long-term memory provider
        var agent = new ChatAgent(chatClient, new ChatAgentOptions
        {
            Name = "TravelAssistant",
            ContextProviders = [memory],
            MessageStoreFactory = () => new ConversationChatMessageStore(client.Get("travel-planning")),
        });

        // Step 2: Create thread (represents "Thread: Travel Planning")
        AgentThread thread = agent.GetNewThread();

        // Run 1
        ChatResponse result1 = await agent.RunAsync("I need to book a hotel in New York for 2 stays.", thread);

        // Run 2, resumed from the thread's state, as another process or silo would
        JsonElement state = await thread.SerializeAsync();
        AgentThread resumed = await agent.DeserializeThreadAsync(state, conversations: client);
        ChatResponse result2 = await agent.RunAsync("What's the daily meal allowance for the business trip?", resumed);
        // end of example

        Assert.Equal((Suggestions, Amount), (result1.Text, result2.Text));
        Assert.Equal([Hotel, Suggestions, Allowance, Amount], Texts(await thread.MessageStore!.ListMessagesAsync()));
        Assert.Equal(["Trip to New York", "Daily meal allowance"], await memory.RecallAsync());
    }

    /// <summary>Run 1 and Run 2 execution, with what thread and memory contain after each.</summary>
    [Fact]
    public async Task Thread_and_memory_contain_what_the_document_says()
    {
        FactsOfUser memory = Memory("user123");
        ScriptedChatClient model = new ScriptedChatClient().Says(Suggestions).Says(Amount);
        ChatAgent agent = NewAgent(model, memory);
        AgentThread thread = agent.GetNewThread();

        await agent.RunAsync(Hotel, thread);

        // Short-term: the user's message. Long-term: empty on first run
        Assert.Equal([Hotel], model.Requests[0].Texts);
        Assert.Null(model.Requests[0].Options!.Instructions);

        // Thread now contains: User's message, Agent's message. Memory now contains: "Trip to New York"
        Assert.Equal([Hotel, Suggestions], Texts(await thread.MessageStore!.ListMessagesAsync()));
        Assert.Equal(["Trip to New York"], await memory.RecallAsync());

        await agent.RunAsync(Allowance, thread);

        // Short-term: the messages of run 1 and the user's message. Long-term: "Trip to New York"
        Assert.Equal([Hotel, Suggestions, Allowance], model.Requests[1].Texts);
        Assert.Equal("## Memories\n- Trip to New York\n", model.Requests[1].Options!.Instructions);

        // Thread now contains: the messages of both runs. Memory now contains: "Trip to New York", "Daily meal allowance"
        Assert.Equal([Hotel, Suggestions, Allowance, Amount], Texts(await thread.MessageStore.ListMessagesAsync()));
        Assert.Equal(["Trip to New York", "Daily meal allowance"], await memory.RecallAsync());
    }

    /// <summary>Short-term memory: new messages are stored in the thread, one or many.</summary>
    [Fact]
    public async Task A_thread_stores_new_messages_in_short_term_memory()
    {
        var thread = new AgentThread();
        await thread.OnNewMessagesAsync(new ChatMessage(ChatRole.User, Hotel));
        await thread.OnNewMessagesAsync([new ChatMessage(ChatRole.Assistant, Suggestions), new ChatMessage(ChatRole.User, Allowance)]);
        Assert.Equal([Hotel, Suggestions, Allowance], Texts(await thread.MessageStore!.ListMessagesAsync()));
    }

    /// <summary>Long-term memory: a failed run teaches nothing, a new provider of the user knows what was learnt.</summary>
    [Fact]
    public async Task A_provider_keeps_what_it_learns_beyond_the_thread()
    {
        FactsOfUser memory = Memory("user123");
        ChatAgent failing = NewAgent(new ScriptedChatClient().Fails(new TimeoutException()), memory);
        await Assert.ThrowsAsync<TimeoutException>(() => failing.RunAsync(Hotel, failing.GetNewThread()));
        Assert.Empty(await memory.RecallAsync());

        ChatAgent agent = NewAgent(new ScriptedChatClient().Says("!"), memory);
        await agent.RunAsync(Hotel, agent.GetNewThread());
        Assert.Equal(["Trip to New York"], await Memory("user123").RecallAsync());
    }

    private static ChatAgent NewAgent(IChatClient model, ContextProvider memory) =>
        new(model, new ChatAgentOptions { Name = "TravelAssistant", ContextProviders = [memory] });

    private static IEnumerable<string> Texts(IEnumerable<ChatMessage> messages) => messages.Select(message => message.Text);

    private FactsOfUser Memory(string userId) => new(
        _client.Get(userId), ("hotel in New York", "Trip to New York"), ("daily meal allowance", "Daily meal allowance"));

    private sealed class OnlyInvoking : ContextProvider
    {
        public override ValueTask<Context> InvokingAsync(IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(new Context { Instructions = "Trip to New York" });
    }
}
