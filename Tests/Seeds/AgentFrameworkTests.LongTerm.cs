using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.AgentFramework;
using OrleansMemory.Client.Memories;
using OrleansMemory.Memories;
using OrleansMemory.Tests.AgentFramework;
using Xunit;

namespace OrleansMemory.Tests.Seeds;

public sealed partial class AgentFrameworkTests
{
    /// <summary>Concrete implementations, 1. and 2.: <c>Mem0Provider(user_id)</c>, <c>RedisProvider(user_id)</c>.</summary>
    [Fact]
    public async Task Memory_of_a_user_is_shared_by_all_threads()
    {
        ScriptedChatClient chatClient = new ScriptedChatClient().Says("!");
        ChatClientAgent agent = NewAgent(chatClient, "user123"); // Global memory

        // Run 1 stores: the trip to New York
        await agent.RunAsync(Hotel, await agent.CreateSessionAsync());

        // It is persisted and retrieved in future runs
        await agent.RunAsync("Is the hotel booked?", await agent.CreateSessionAsync());
        Assert.Contains($"- \"user: {Hotel}\"", chatClient.Requests[1].Texts.Last(), StringComparison.Ordinal);

        ChatClientAgent ofAnother = NewAgent(chatClient, "user456");
        await ofAnother.RunAsync("Is the hotel booked?", await ofAnother.CreateSessionAsync());
        Assert.Equal(["Is the hotel booked?"], chatClient.Requests[2].Texts);
    }

    /// <summary>
    /// Memory arrows: after a run it is stored, before the next one it is retrieved and formatted as additional instructions.
    /// </summary>
    [Fact]
    public async Task What_one_run_stores_another_one_retrieves()
    {
        ScriptedChatClient chatClient = new ScriptedChatClient().Says(" ");
        ChatClientAgent agent = NewAgent(chatClient, "user123", options => options.Channel = LongTermMemoryChannel.Instructions);
        await agent.RunAsync("Trip to New York", await agent.CreateSessionAsync());
        await agent.RunAsync("travel, trip", await agent.CreateSessionAsync());
        Assert.Equal(
            $"{LongTermMemoryProviderOptions.DefaultContextPrompt}\n{MemoryFence.Notice}\n<memories>\n- \"user: Trip to New York\"\n</memories>",
            chatClient.Requests[1].Options!.Instructions
        );
    }

    /// <summary>Run 1 and Run 2 execution, with what thread and memory contain after each.</summary>
    [Fact]
    public async Task Thread_and_memory_contain_what_the_document_says()
    {
        ScopedMemories memory = _client.Memories(user: "user123");
        ScriptedChatClient model = new ScriptedChatClient()
            .Answers(Saves("Trip to New York"))
            .Says(Suggestions)
            .Answers(Saves("Daily meal allowance"))
            .Says(Amount);
        ChatClientAgent agent = NewAgent(
            model,
            "user123",
            options => (options.RecordsRuns, options.Mode) = (false, LongTermMemoryMode.Context | LongTermMemoryMode.Tools)
        );
        AgentSession thread = await agent.CreateSessionAsync();

        await agent.RunAsync(Hotel, thread);

        // Short-term: the user's message. Long-term: empty on first run
        Assert.Equal([Hotel], model.Requests[0].Texts);

        // Thread now contains: User's message, Agent's message. Memory now contains: "Trip to New York"
        Assert.Equal([Hotel, Suggestions], Texts(await History.FindConversation(thread)!.GetMessagesAsync()));
        Assert.Equal(["Trip to New York"], await FactsAsync(memory));

        await agent.RunAsync(Allowance, thread);

        // Short-term: the messages of run 1 and the user's message. Long-term: "Trip to New York"
        string reminder =
            $"{LongTermMemoryProviderOptions.DefaultContextPrompt}\n{MemoryFence.Notice}\n<memories>\n- \"Trip to New York\"\n</memories>";
        Assert.Equal([Hotel, Suggestions, Allowance, reminder], model.Requests[2].Texts.Where(text => text.Length > 0));

        // Thread now contains: the messages of both runs. Memory now contains: "Trip to New York", "Daily meal allowance"
        Assert.Equal([Hotel, Suggestions, Allowance, Amount], Texts(await History.FindConversation(thread)!.GetMessagesAsync()));
        Assert.Equal(["Trip to New York", "Daily meal allowance"], await FactsAsync(memory));
    }

    /// <summary>Example implementations: long-term memory isolated per thread.</summary>
    [Fact]
    public async Task Memory_may_be_isolated_per_thread()
    {
        ScriptedChatClient chatClient = new ScriptedChatClient().Says("!");
        var provider = new LongTermMemoryProvider(
            _client,
            session =>
                MemoryScope.Create(_client.Get("any").Key.Tenant, agent: null, "user123", session?.StateBag.GetValue<string>("thread"))
        );
        ChatClientAgent agent = TestAgents.Of(chatClient, History, options => options.AIContextProviders = [provider]);
        for (int i = 0; i < 2; i++)
        {
            AgentSession thread = await agent.CreateSessionAsync();
            thread.StateBag.SetValue("thread", $"thread {i}");
            await agent.RunAsync(Hotel, thread);
        }

        Assert.Equal([Hotel], chatClient.Requests[1].Texts);
        Assert.Equal(4, (await _client.Memories(user: "user123").ListAsync()).Memories.Length);
        Assert.Equal(2, (await _client.Memories(user: "user123", session: "thread 0").ListAsync()).Memories.Length);
    }

    /// <summary>Long-term memory: persists across sessions and threads; a failed run teaches nothing.</summary>
    [Fact]
    public async Task A_provider_keeps_what_it_learns_beyond_the_thread()
    {
        ChatClientAgent failing = NewAgent(new ScriptedChatClient().Fails(new TimeoutException()), "user123");
        await Assert.ThrowsAsync<TimeoutException>(async () => await failing.RunAsync(Hotel, await failing.CreateSessionAsync()));
        Assert.Empty((await _client.Memories(user: "user123").ListAsync()).Memories);

        ChatClientAgent agent = NewAgent(new ScriptedChatClient().Says("!"), "user123");
        await agent.RunAsync(Hotel, await agent.CreateSessionAsync());
        Assert.Contains(Hotel, (await _client.Memories(user: "user123").RecallAsync("hotel")).ToPrompt(), StringComparison.Ordinal);
    }

    private ChatClientAgent NewAgent(IChatClient model, string userId, Action<LongTermMemoryProviderOptions>? configure = null)
    {
        var settings = new LongTermMemoryProviderOptions();
        configure?.Invoke(settings);
        return TestAgents.Of(
            model,
            History,
            options => options.AIContextProviders = [new LongTermMemoryProvider(_client, _client.Memories(user: userId).Scope, settings)]
        );
    }

    private static ChatResponse Saves(string fact) =>
        new(
            new ChatMessage(
                ChatRole.Assistant,
                [
                    new FunctionCallContent(
                        $"save {fact}",
                        "save_to_memory",
                        new Dictionary<string, object?> { ["content"] = new[] { fact } }
                    ),
                ]
            )
        );

    /// <summary>What the model has saved, in that order.</summary>
    private static async Task<IEnumerable<string>> FactsAsync(ScopedMemories memory) =>
        (await memory.ListAsync(new MemoryListQuery { Kind = MemoryKind.Fact })).Memories.Select(fact => fact.Text).Reverse();
}
