using OrleansMemory.Client.Compatibility.Arshai;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Seeds;

/// <summary>arshai-in-memory-manager.rst: its examples in order, up to "CRUD Operations".</summary>
public sealed partial class ArshaiTests
{
    private const ConversationMemoryType Working = ConversationMemoryType.WorkingMemory;

    private readonly ManualUtcClock _clock = new();

    /// <summary>"Simple Example".</summary>
    [Fact]
    public async Task A_memory_is_stored_and_retrieved()
    {
        var memoryManager = new InMemoryManager();
        var memoryInput = new MemoryInput
        {
            ConversationId = "conv_123",
            MemoryType = Working,
            Data = [new WorkingMemory("User's name is Alice")],
        };

        string key = await memoryManager.StoreAsync(memoryInput);
        Assert.Equal("memory:WORKING_MEMORY:conv_123", key);

        IReadOnlyList<WorkingMemory> memories = await memoryManager.RetrieveAsync(
            new MemoryInput { ConversationId = "conv_123", MemoryType = Working }
        );
        Assert.Equal("User's name is Alice", memories[0].Text);
    }

    /// <summary>"With Agent": both the status that the original returns, and the answer that the example is after.</summary>
    [Fact]
    public async Task An_agent_remembers_what_it_was_told()
    {
        using ArshaiScript llmClient = new ArshaiScript()
            .Then(_ => "The user is Bob and likes Python.")
            .Then(messages =>
                messages[0].Text.Contains("Bob and likes Python", StringComparison.Ordinal)
                    ? "You are Bob and like Python."
                    : "I do not know."
            )
            .Then(_ => "The user is Bob, likes Python and asked for both.");
        var memoryManager = new InMemoryManager();
        var agent = new WorkingMemoryAgent(llmClient, memoryManager);

        string response1 = await agent.ProcessAsync(Message("My name is Bob and I like Python"));
        AgentAnswer response2 = await agent.AnswerAsync(Message("What's my name and what do I like?"));

        Assert.Equal("success", response1);
        Assert.Equal(("You are Bob and like Python.", "success"), (response2.Text, response2.Status));
    }

    /// <summary>"TTL (Time To Live)".</summary>
    [Fact]
    public async Task A_time_to_live_is_12_hours_or_as_configured()
    {
        (InMemoryManager Manager, TimeSpan? Life)[] managers =
        [
            (new InMemoryManager(MemoryManagerOptions.DefaultTimeToLive, _clock), TimeSpan.FromHours(12)),
            (new InMemoryManager(TimeSpan.FromSeconds(3600), _clock), TimeSpan.FromHours(1)),
            (new InMemoryManager(TimeSpan.FromSeconds(86400), _clock), TimeSpan.FromHours(24)),
            (new InMemoryManager(ttl: null, _clock), null),
        ];

        foreach ((InMemoryManager manager, TimeSpan? life) in managers)
        {
            await manager.StoreAsync(new MemoryInput { ConversationId = "c", Data = [new WorkingMemory("x")] });
            Assert.Equal(_clock.GetUtcNow() + life, Assert.Single(manager.Storage).Value.ExpiresAt);
        }

        var byDefault = new InMemoryManager();
        await byDefault.StoreAsync(new MemoryInput { ConversationId = "c", Data = [new WorkingMemory("x")] });
        StoredWorkingMemory stored = Assert.Single(byDefault.Storage).Value;
        Assert.InRange((stored.ExpiresAt - stored.CreatedAt)!.Value, TimeSpan.FromSeconds(43_200), TimeSpan.FromSeconds(43_260));
    }

    /// <summary>"Memory Types".</summary>
    [Fact]
    public async Task Types_are_stored_apart()
    {
        var memoryManager = new InMemoryManager();
        var workingInput = new MemoryInput
        {
            ConversationId = "conv_123",
            MemoryType = Working,
            Data = [new WorkingMemory("Important context")],
        };

        await memoryManager.StoreAsync(workingInput);

        Assert.Empty(await memoryManager.RetrieveAsync(workingInput with { MemoryType = ConversationMemoryType.LongTermMemory }));
        Assert.Equal(Working, new MemoryInput { ConversationId = "conv_123" }.MemoryType);
    }

    /// <summary>"CRUD Operations": store, retrieve, update, delete.</summary>
    [Fact]
    public async Task A_memory_is_stored_with_metadata_updated_and_deleted()
    {
        var memoryManager = new InMemoryManager();
        var memoryInput = new MemoryInput
        {
            ConversationId = "conv_123",
            MemoryType = Working,
            Data = [new WorkingMemory("User prefers email communication")],
            Metadata = new Dictionary<string, object?> { ["source"] = "user_preference" },
        };
        string key = await memoryManager.StoreAsync(memoryInput);

        var retrieveInput = new MemoryInput { ConversationId = "conv_123", MemoryType = Working };
        Assert.Equal(
            ["User prefers email communication"],
            (await memoryManager.RetrieveAsync(retrieveInput)).Select(memory => memory.Text)
        );

        var updateInput = new MemoryInput
        {
            ConversationId = "conv_123",
            MemoryType = Working,
            Data = [new WorkingMemory("User prefers SMS communication (updated)")],
        };
        await memoryManager.UpdateAsync(updateInput);
        Assert.Equal("User prefers SMS communication (updated)", (await memoryManager.RetrieveAsync(retrieveInput))[0].Text);
        Assert.Equal("user_preference", memoryManager.Storage[key].Metadata["source"].GetString());

        await memoryManager.DeleteAsync(new MemoryInput { ConversationId = "conv_123", MemoryType = Working });
        Assert.Empty(await memoryManager.RetrieveAsync(retrieveInput));
    }

    private static AgentInput Message(string text, string conversationId = "conv_123") =>
        new()
        {
            Message = text,
            Metadata = new Dictionary<string, object?> { ["conversation_id"] = conversationId },
        };
}
