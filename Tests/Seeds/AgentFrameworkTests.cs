using System.Text.Json;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.AgentFramework;
using OrleansMemory.Client.Memories;
using OrleansMemory.Tests.AgentFramework;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Seeds;

/// <summary>
/// The examples of Agent Framework's memory document, in its order, on the framework's .NET packages: its thread is a session here, its
/// message store and its context providers are our providers. Those of long-term memory are in a file of their own.
/// </summary>
public sealed partial class AgentFrameworkTests(SharedHosts hosts) : IAsyncLifetime
{
    private const string Hotel = "I need to book a hotel in New York for 2 stays.";
    private const string Suggestions = "Here are some suggestions:";
    private const string Allowance = "What's the daily meal allowance for the business trip?";
    private const string Amount = "The daily allowance for your business trip is $75...";

    private ConversationClient _client = null!;

    private ConversationHistoryProvider History => field ??= new ConversationHistoryProvider(_client);

    public async ValueTask InitializeAsync() => _client = Clients.OfNewTenant(await hosts.InMemoryAsync());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Diagram component "Thread (Travel Planning)".</summary>
    [Fact]
    public async Task A_thread_keeps_the_conversation()
    {
        ChatClientAgent agent = TestAgents.Of(new ScriptedChatClient().Says(Suggestions), History);

        // Create a thread (like "Travel Planning" in the diagram)
        AgentSession thread = await agent.CreateSessionAsync();

        Assert.Null(History.FindConversation(thread));
        await agent.RunAsync(Hotel, thread);
        Assert.NotNull(History.FindConversation(thread));
    }

    /// <summary>Diagram components "User's message" and "Agent's message": the store's two methods.</summary>
    [Fact]
    public async Task A_message_store_keeps_messages_oldest_first()
    {
        Conversation store = _client.Get("store");
        await store.AppendAsync([new ChatMessage(ChatRole.User, Hotel)]);
        await store.AppendAsync([new ChatMessage(ChatRole.Assistant, Suggestions)]);
        Assert.Equal([Hotel, Suggestions], Texts(await store.GetMessagesAsync()));
    }

    /// <summary>Conversation flow.</summary>
    [Fact]
    public async Task All_messages_are_retained_in_the_threads_store()
    {
        ChatClientAgent agent = TestAgents.Of(new ScriptedChatClient().Says(Suggestions).Says(Amount), History);
        AgentSession thread = await agent.CreateSessionAsync();

        // User's message: "I need to book a hotel in New York for 2 stays."
        await agent.RunAsync("I need to book a hotel in New York for 2 stays.", thread);

        // Agent's message: "Here are some suggestions:"
        // (Stored automatically in the thread's conversation)

        // User's message: "What's the daily meal allowance for the business trip?"
        await agent.RunAsync("What's the daily meal allowance for the business trip?", thread);

        // All messages are retained
        Assert.Equal([Hotel, Suggestions, Allowance, Amount], Texts(await History.FindConversation(thread)!.GetMessagesAsync()));
    }

    /// <summary>Diagram components "Run 1" and "Run 2": what happens behind the scenes.</summary>
    [Fact]
    public async Task Each_run_asks_for_context_and_tells_what_came_of_it()
    {
        var provider = new NotingProvider();
        ChatClientAgent agent = TestAgents.Of(
            new ScriptedChatClient().Says(Suggestions).Says(Amount),
            History,
            options => options.AIContextProviders = [provider]
        );
        AgentSession thread = await agent.CreateSessionAsync();

        AgentResponse result1 = await agent.RunAsync("I need to book a hotel in New York for 2 stays.", thread);
        AgentResponse result2 = await agent.RunAsync("What's the daily meal allowance for the business trip?", thread);

        Assert.Equal((Suggestions, Amount), (result1.Text, result2.Text));
        Assert.Equal(
            [$"invoking {Hotel}", $"invoked {Hotel} -> {Suggestions}", $"invoking {Allowance}", $"invoked {Allowance} -> {Amount}"],
            provider.Calls
        );
    }

    /// <summary>Diagram component "Memory": one base class; only what is asked before a run must be written.</summary>
    [Fact]
    public async Task A_provider_needs_to_say_only_what_it_adds()
    {
        ScriptedChatClient model = new ScriptedChatClient().Says("!");
        ChatClientAgent agent = TestAgents.Of(model, History, options => options.AIContextProviders = [new OnlyInvoking()]);
        await agent.RunAsync("?", await agent.CreateSessionAsync());
        Assert.Equal("Trip to New York", model.Requests[0].Options!.Instructions);
    }

    /// <summary>Complete code flow. <c>docs/agent-framework.md</c> shows this code.</summary>
    [Fact]
    public async Task The_complete_flow_of_two_runs()
    {
        ConversationClient client = _client;
        ScopedMemories memory = client.Memories(user: "user123");
        ScriptedChatClient chatClient = new ScriptedChatClient()
            .Answers(Saves("Trip to New York"))
            .Says(Suggestions)
            .Answers(Saves("Daily meal allowance"))
            .Says(Amount);

        // example
        // Step 1: Create agent with its history in conversations, and with a long-term memory provider, by whose tools the model notes what
        // is worth knowing
        var history = new ConversationHistoryProvider(client);
        var provider = new LongTermMemoryProvider(
            client,
            memory.Scope,
            new LongTermMemoryProviderOptions { Mode = LongTermMemoryMode.Context | LongTermMemoryMode.Tools }
        );
        AIAgent agent = new ChatClientAgent(
            chatClient,
            new ChatClientAgentOptions { ChatHistoryProvider = history, AIContextProviders = [provider] }
        ).WithDurableRuns();

        // Step 2: Create thread (represents "Thread: Travel Planning")
        AgentSession thread = (await agent.CreateSessionAsync()).UseConversation("travel-planning");

        // Run 1, under a name: sent again, it gets the stored answer
        AgentRunOptions run1 = new AgentRunOptions().WithTurnId("run 1");
        AgentResponse result1 = await agent.RunAsync("I need to book a hotel in New York for 2 stays.", thread, run1);

        // Run 2, resumed from the thread's state, as another process or silo would
        JsonElement state = await agent.SerializeSessionAsync(thread);
        AgentSession resumed = await agent.DeserializeSessionAsync(state);
        AgentResponse result2 = await agent.RunAsync("What's the daily meal allowance for the business trip?", resumed);
        // end of example

        Assert.Equal((Suggestions, Amount), (result1.Messages[^1].Text, result2.Messages[^1].Text));
        Assert.Equal([Hotel, Suggestions, Allowance, Amount], Texts(await history.FindConversation(thread)!.GetMessagesAsync()));
        Assert.Equal(["Trip to New York", "Daily meal allowance"], await FactsAsync(memory));
        Assert.Contains(chatClient.Requests[2].Texts, text => text.Contains("- \"Trip to New York\"", StringComparison.Ordinal));
        Assert.Equal(Suggestions, (await agent.RunAsync(Hotel, resumed, run1)).Messages[^1].Text);
    }

    /// <summary>Short-term memory: new messages are stored in the thread, one or many.</summary>
    [Fact]
    public async Task A_thread_stores_new_messages_in_short_term_memory()
    {
        ScriptedChatClient model = new ScriptedChatClient().Says("!");
        ChatClientAgent agent = TestAgents.Of(model, History);
        AgentSession thread = (await agent.CreateSessionAsync()).UseConversation("thread");
        Conversation conversation = History.FindConversation(thread)!;
        await conversation.AppendAsync(new ChatMessage(ChatRole.User, Hotel));
        await conversation.AppendAsync([new ChatMessage(ChatRole.Assistant, Suggestions), new ChatMessage(ChatRole.User, Allowance)]);
        await agent.RunAsync("?", thread);
        Assert.Equal([Hotel, Suggestions, Allowance, "?"], model.Requests[0].Texts);
    }

    private static IEnumerable<string> Texts(ConversationPage page) =>
        page.Messages.Select(message => message.Message.Text).Where(text => text.Length > 0);

    private sealed class NotingProvider : AIContextProvider
    {
        public List<string> Calls { get; } = [];

        protected override ValueTask<AIContext> ProvideAIContextAsync(
            InvokingContext context,
            CancellationToken cancellationToken = default
        )
        {
            Calls.Add($"invoking {Join(context.AIContext.Messages)}");
            return ValueTask.FromResult(new AIContext());
        }

        protected override ValueTask StoreAIContextAsync(InvokedContext context, CancellationToken cancellationToken = default)
        {
            Calls.Add($"invoked {Join(context.RequestMessages)} -> {Join(context.ResponseMessages)}");
            return ValueTask.CompletedTask;
        }

        private static string Join(IEnumerable<ChatMessage>? messages) =>
            string.Join('|', (messages ?? []).Select(message => message.Text));
    }

    private sealed class OnlyInvoking : AIContextProvider
    {
        protected override ValueTask<AIContext> ProvideAIContextAsync(
            InvokingContext context,
            CancellationToken cancellationToken = default
        ) => ValueTask.FromResult(new AIContext { Instructions = "Trip to New York" });
    }
}
