using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Agents;
using OrleansMemory.Client.Compatibility.MassGen;
using OrleansMemory.Tests.Client.Agents;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Seeds;

/// <summary>
/// The examples of Agent Framework's memory document, in its order; those about long-term memory, which are those of <c>Mem0Provider</c> and
/// <c>RedisProvider</c>, are in a file of their own.
/// </summary>
public sealed partial class AgentFrameworkTests(SharedHosts hosts) : IAsyncLifetime
{
    private const string Hotel = "I need to book a hotel in New York for 2 stays.";
    private const string Suggestions = "Here are some suggestions:";
    private const string Allowance = "What's the daily meal allowance for the business trip?";
    private const string Amount = "The daily allowance for your business trip is $75...";

    private GrainHost _host = null!;
    private ConversationClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await hosts.InMemoryAsync();
        _client = Clients.OfNewTenant(_host);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

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

    /// <summary>Complete code flow. <c>docs/agent-framework.md</c> shows this code.</summary>
    [Fact]
    public async Task The_complete_flow_of_two_runs()
    {
        ConversationClient client = _client;
        var memory = new PersistentMemory(client, userName: "user123");
        ScriptedChatClient model = new ScriptedChatClient()
            .Answers(Saves("Trip to New York")).Says(Suggestions).Answers(Saves("Daily meal allowance")).Says(Amount);
        using var chatClient = new RunScriptToolLoop(model, memory.AsTools());

        // example
        // Step 1: Create agent with a long-term memory provider, and with the tool by which the model notes what is worth knowing
        var provider = new MemoryContextProvider(client, new MemoryContextProviderOptions { UserId = "user123" });
        var agent = new ChatAgent(chatClient, new ChatAgentOptions
        {
            Name = "TravelAssistant",
            ContextProviders = [provider],
            Tools = [.. memory.AsTools()],
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
        Assert.Equal(["Trip to New York", "Daily meal allowance"], await FactsAsync(memory));
        Assert.Contains(model.Requests[2].Texts, text => text.Contains("- \"Trip to New York\"", StringComparison.Ordinal));
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

    private static IEnumerable<string> Texts(IEnumerable<ChatMessage> messages) => messages.Select(message => message.Text).Where(text => text.Length > 0);

    private sealed class OnlyInvoking : ContextProvider
    {
        public override ValueTask<Context> InvokingAsync(IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(new Context { Instructions = "Trip to New York" });
    }
}
