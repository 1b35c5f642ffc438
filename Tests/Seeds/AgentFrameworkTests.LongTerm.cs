using Microsoft.Extensions.AI;
using OrleansMemory.Client.Agents;
using OrleansMemory.Client.Compatibility.MassGen;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Seeds;

public sealed partial class AgentFrameworkTests
{
    /// <summary>Concrete implementations, 1. and 2.: <c>Mem0Provider(user_id)</c>, <c>RedisProvider(user_id)</c>.</summary>
    [Fact]
    public async Task Memory_of_a_user_is_shared_by_all_threads()
    {
        ScriptedChatClient chatClient = new ScriptedChatClient().Says("!");
        var agent = new ChatAgent(chatClient, new ChatAgentOptions
        {
            ContextProviders =
            [
                new MemoryContextProvider(_client, new MemoryContextProviderOptions
                {
                    UserId = "user123",
                    ScopeToPerOperationThreadId = false, // Global memory
                }),
            ],
        });

        // Run 1 stores: the trip to New York
        await agent.RunAsync(Hotel, agent.GetNewThread());

        // It is persisted and retrieved in future runs
        await agent.RunAsync("Is the hotel booked?", agent.GetNewThread());
        Assert.Contains($"- \"user: {Hotel}\"", chatClient.Requests[1].Texts.First(), StringComparison.Ordinal);

        ChatAgent ofAnother = NewAgent(chatClient, "user456");
        await ofAnother.RunAsync("Is the hotel booked?", ofAnother.GetNewThread());
        Assert.Equal(["Is the hotel booked?"], chatClient.Requests[2].Texts);
    }

    /// <summary>Example implementations: long-term memory isolated per thread.</summary>
    [Fact]
    public async Task Memory_may_be_isolated_per_thread()
    {
        ScriptedChatClient chatClient = new ScriptedChatClient().Says("!");
        for (int i = 0; i < 2; i++)
        {
            var provider = new MemoryContextProvider(_client, new MemoryContextProviderOptions { UserId = "user123", ScopeToPerOperationThreadId = true });
            var agent = new ChatAgent(chatClient, new ChatAgentOptions { ContextProviders = [provider] });
            AgentThread thread = agent.GetNewThread();
            await agent.RunAsync(Hotel, thread);
            await agent.RunAsync("Is the hotel booked?", thread);
        }

        Assert.Equal([Hotel], chatClient.Requests[2].Texts);
        Assert.Equal(2, chatClient.Requests[3].Texts.Count(text => text.Contains(Hotel, StringComparison.Ordinal)));
    }

    /// <summary>Memory arrows: <c>invoked</c> stores, <c>invoking</c> retrieves and formats memories as additional instructions.</summary>
    [Fact]
    public async Task What_invoked_stores_invoking_retrieves()
    {
        var provider = new MemoryContextProvider(_client, new MemoryContextProviderOptions { UserId = "user123", Channel = MemoryChannel.Instructions });

        await provider.InvokedAsync([new ChatMessage(ChatRole.User, "Trip to New York")], [], null);
        Context context = await provider.InvokingAsync([new ChatMessage(ChatRole.User, "travel, trip")]);

        Assert.Equal(
            $"{ContextProvider.DefaultContextPrompt}\n{MemoryFence.Notice}\n<memories>\n- \"user: Trip to New York\"\n</memories>", context.Instructions);
    }

    /// <summary>Run 1 and Run 2 execution, with what thread and memory contain after each.</summary>
    [Fact]
    public async Task Thread_and_memory_contain_what_the_document_says()
    {
        var memory = new PersistentMemory(_client, userName: "user123");
        ScriptedChatClient model = new ScriptedChatClient()
            .Answers(Saves("Trip to New York")).Says(Suggestions).Answers(Saves("Daily meal allowance")).Says(Amount);
        using var chatClient = new RunScriptToolLoop(model, memory.AsTools());
        var agent = new ChatAgent(chatClient, new ChatAgentOptions
        {
            Name = "TravelAssistant",
            Tools = [.. memory.AsTools()],
            ContextProviders = [new MemoryContextProvider(_client, new MemoryContextProviderOptions { UserId = "user123", RecordsRuns = false })],
        });
        AgentThread thread = agent.GetNewThread();

        await agent.RunAsync(Hotel, thread);

        // Short-term: the user's message. Long-term: empty on first run
        Assert.Equal([Hotel], model.Requests[0].Texts);

        // Thread now contains: User's message, Agent's message. Memory now contains: "Trip to New York"
        Assert.Equal([Hotel, Suggestions], Texts(await thread.MessageStore!.ListMessagesAsync()));
        Assert.Equal(["Trip to New York"], await FactsAsync(memory));

        await agent.RunAsync(Allowance, thread);

        // Short-term: the messages of run 1 and the user's message. Long-term: "Trip to New York"
        string reminder = $"{ContextProvider.DefaultContextPrompt}\n{MemoryFence.Notice}\n<memories>\n- \"Trip to New York\"\n</memories>";
        Assert.Equal([Hotel, Suggestions, reminder, Allowance], model.Requests[2].Texts.Where(text => text.Length > 0));

        // Thread now contains: the messages of both runs. Memory now contains: "Trip to New York", "Daily meal allowance"
        Assert.Equal([Hotel, Suggestions, Allowance, Amount], Texts(await thread.MessageStore.ListMessagesAsync()));
        Assert.Equal(["Trip to New York", "Daily meal allowance"], await FactsAsync(memory));
    }

    /// <summary>Long-term memory: persists across sessions and threads; a failed run teaches nothing.</summary>
    [Fact]
    public async Task A_provider_keeps_what_it_learns_beyond_the_thread()
    {
        ChatAgent failing = NewAgent(new ScriptedChatClient().Fails(new TimeoutException()), "user123");
        await Assert.ThrowsAsync<TimeoutException>(() => failing.RunAsync(Hotel, failing.GetNewThread()));
        Assert.Empty((await _client.Memories(user: "user123").ListAsync()).Memories);

        ChatAgent agent = NewAgent(new ScriptedChatClient().Says("!"), "user123");
        await agent.RunAsync(Hotel, agent.GetNewThread());
        Assert.Contains(Hotel, await new PersistentMemory(_client, userName: "user123").RetrieveAsync("hotel"), StringComparison.Ordinal);
    }

    private ChatAgent NewAgent(IChatClient model, string userId) => new(model, new ChatAgentOptions
    {
        Name = "TravelAssistant",
        ContextProviders = [new MemoryContextProvider(_client, new MemoryContextProviderOptions { UserId = userId })],
    });

    private static ChatResponse Saves(string fact) => new(new ChatMessage(ChatRole.Assistant,
    [
        new FunctionCallContent($"save {fact}", "save_to_memory", new Dictionary<string, object?>
        {
            ["thinking"] = "Worth knowing in later runs.",
            ["content"] = new[] { fact },
        }),
    ]));

    /// <summary>What the model has saved, in that order.</summary>
    private static async Task<IEnumerable<string>> FactsAsync(PersistentMemory memory) =>
        (await memory.Memories.ListAsync(new MemoryListQuery { Kind = MemoryKind.Fact })).Memories.Select(fact => fact.Text).Reverse();
}
