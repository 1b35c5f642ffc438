using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Client.Compatibility;
using OrleansMemory.Client.Compatibility.Arshai;
using OrleansMemory.Client.Compatibility.MemoryStore;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Seeds;

/// <summary>arshai-in-memory-manager.rst: its examples in order, from "Advanced Patterns" on.</summary>
public sealed partial class ArshaiTests(SharedHosts hosts)
{
    /// <summary>"Multi-Conversation Management".</summary>
    [Fact]
    public async Task Conversations_have_memories_of_their_own()
    {
        using ArshaiScript llmClient = new ArshaiScript().Then(Echo);
        var manager = new ConversationManager(llmClient);

        await manager.ProcessMessageAsync("user_1", "conv_1", "I'm Alice");
        string? alice = await manager.ProcessMessageAsync("user_1", "conv_1", "What's my name?");
        await manager.ProcessMessageAsync("user_2", "conv_2", "I'm Bob");
        string? bob = await manager.ProcessMessageAsync("user_2", "conv_2", "What's my name?");

        Assert.Equal(("Alice", "Bob"), (alice, bob));
    }

    /// <summary>"Custom Memory Structure": in this process, and durable on grains.</summary>
    [Theory]
    [InlineData(MemoryBackend.InMemory)]
    [InlineData(MemoryBackend.Grains)]
    public async Task Rich_memories_are_found_by_importance(MemoryBackend backend)
    {
        GrainHost host = await hosts.InMemoryAsync();
        string tenant = SharedHosts.NewTenant();
        await using ServiceProvider services = new ServiceCollection()
            .AddSingleton(host.Grains)
            .AddMemoryManager(options => (options.Backend, options.Tenant) = (backend, tenant))
            .AddMemoryStore(options => (options.Backend, options.Tenant) = (backend, tenant))
            .BuildServiceProvider();
        var enhanced = ActivatorUtilities.CreateInstance<EnhancedMemoryManager>(services);

        await enhanced.StoreRichMemoryAsync(
            "conv_123",
            new RichMemory
            {
                Content = "Prefers SMS",
                Importance = 8,
                Tags = ["contact"],
            }
        );
        await enhanced.StoreRichMemoryAsync("conv_123", new RichMemory { Content = "Said hello", Importance = 2 });

        Assert.Equal(
            ["Prefers SMS"],
            (await enhanced.GetImportantMemoriesAsync("conv_123", minImportance: 7)).Select(memory => memory.Content)
        );
        Assert.Empty(await enhanced.GetImportantMemoriesAsync("other"));
        var manager = services.GetRequiredService<IMemoryManager>();
        Assert.Equal("Said hello", (await manager.RetrieveAsync(new MemoryInput { ConversationId = "conv_123" }))[0].Text);
    }

    /// <summary>"Memory Cleanup".</summary>
    [Fact]
    public async Task Memories_are_cleaned_up_and_counted()
    {
        var memoryManager = new InMemoryManager(ttl: TimeSpan.FromSeconds(3600), _clock);
        await memoryManager.StoreAsync(new MemoryInput { ConversationId = "old", Data = [new WorkingMemory("x")] });
        _clock.Advance(TimeSpan.FromSeconds(3600));
        Assert.Equal(1, memoryManager.ClearExpired());

        await memoryManager.StoreAsync(new MemoryInput { ConversationId = "a", Data = [new WorkingMemory("x")] });
        await memoryManager.StoreAsync(new MemoryInput { ConversationId = "b", Data = [new WorkingMemory("x")] });
        StorageStatistics statistics = memoryManager.GetStatistics();
        Assert.Equal(2, statistics.TotalEntries);
        Assert.Equal(["memory:WORKING_MEMORY:a", "memory:WORKING_MEMORY:b"], statistics.MemoryKeys);

        await memoryManager.DeleteAsync(new MemoryInput { ConversationId = "a", MemoryType = Working });
        Assert.Equal(1, memoryManager.GetStatistics().TotalEntries);
    }

    /// <summary>"Unit Testing": test_store_and_retrieve.</summary>
    [Fact]
    public async Task Store_and_retrieve()
    {
        var manager = new InMemoryManager();
        await manager.StoreAsync(
            new MemoryInput
            {
                ConversationId = "test_conv",
                MemoryType = Working,
                Data = [new WorkingMemory("test data")],
            }
        );

        IReadOnlyList<WorkingMemory> memories = await manager.RetrieveAsync(
            new MemoryInput { ConversationId = "test_conv", MemoryType = Working }
        );

        Assert.Equal("test data", Assert.Single(memories).Text);
    }

    /// <summary>"Unit Testing": test_ttl_expiration, without its sleep.</summary>
    [Fact]
    public async Task Ttl_expiration()
    {
        var manager = new InMemoryManager(TimeSpan.FromSeconds(1), _clock);
        await manager.StoreAsync(
            new MemoryInput
            {
                ConversationId = "test_conv",
                MemoryType = Working,
                Data = [new WorkingMemory("test data")],
            }
        );

        _clock.Advance(TimeSpan.FromSeconds(2));
        await manager.StoreAsync(
            new MemoryInput
            {
                ConversationId = "other_conv",
                MemoryType = Working,
                Data = [new WorkingMemory("other data")],
            }
        );

        Assert.Empty(await manager.RetrieveAsync(new MemoryInput { ConversationId = "test_conv", MemoryType = Working }));
        Assert.Equal(["memory:WORKING_MEMORY:other_conv"], manager.Storage.Keys);
    }

    /// <summary>"Integration Testing": test_with_agent.</summary>
    [Fact]
    public async Task With_agent()
    {
        using var mockLlm = ArshaiScript.Saying("I remember you!");
        var memoryManager = new InMemoryManager();
        var agent = new WorkingMemoryAgent(mockLlm, memoryManager);

        await agent.ProcessAsync(Message("Remember this", "test_conv"));

        IReadOnlyList<WorkingMemory> memories = await memoryManager.RetrieveAsync(
            new MemoryInput { ConversationId = "test_conv", MemoryType = Working }
        );
        Assert.Equal("I remember you!", Assert.Single(memories).Text);
    }

    /// <summary>"Migration to Production": the same interface, another backend.</summary>
    [Theory]
    [InlineData("development", typeof(InMemoryManager))]
    [InlineData("production", typeof(GrainMemoryManager))]
    public async Task The_environment_chooses_the_manager(string environment, Type expected)
    {
        GrainHost host = await hosts.InMemoryAsync();
        await using ServiceProvider services = new ServiceCollection()
            .AddSingleton(host.Grains)
            .AddMemoryManager(options =>
            {
                options.Tenant = SharedHosts.NewTenant();
                options.TimeToLive = TimeSpan.FromSeconds(3600);
                options.Backend = environment == "development" ? MemoryBackend.InMemory : MemoryBackend.Grains;
            })
            .BuildServiceProvider();
        IMemoryManager memoryManager = services.GetRequiredService<IMemoryManager>();
        using var llmClient = ArshaiScript.Saying("memory");

        Assert.IsType(expected, memoryManager);
        Assert.Equal("success", await new WorkingMemoryAgent(llmClient, memoryManager).ProcessAsync(Message("hi")));
        Assert.Equal("memory", (await memoryManager.RetrieveAsync(new MemoryInput { ConversationId = "conv_123" }))[0].Text);
    }

    /// <summary>A model that makes the memory of what it is told, and answers with the last word of the memory.</summary>
    private static string Echo(IReadOnlyList<ChatMessage> messages)
    {
        string instructions = messages[0].Text;
        if (!instructions.Contains("You talk with a user", StringComparison.Ordinal))
        {
            return
                messages[1].Text.Contains("I'm Alice", StringComparison.Ordinal)
                || messages[1].Text.Contains("is Alice", StringComparison.Ordinal)
                ? "The user is Alice"
                : "The user is Bob";
        }

        return instructions.Contains("is Alice", StringComparison.Ordinal) ? "Alice"
            : instructions.Contains("is Bob", StringComparison.Ordinal) ? "Bob"
            : "Hello";
    }

    /// <summary>The example's class: one agent per conversation over one memory.</summary>
    private sealed class ConversationManager(IChatClient llmClient)
    {
        private readonly InMemoryManager _memoryManager = new(TimeSpan.FromSeconds(3600));
        private readonly Dictionary<string, WorkingMemoryAgent> _activeConversations = [];

        public async Task<string?> ProcessMessageAsync(string userId, string conversationId, string message)
        {
            if (!_activeConversations.TryGetValue(conversationId, out WorkingMemoryAgent? agent))
            {
                _activeConversations[conversationId] = agent = new WorkingMemoryAgent(llmClient, _memoryManager);
            }

            AgentAnswer response = await agent.AnswerAsync(
                new AgentInput
                {
                    Message = message,
                    Metadata = new Dictionary<string, object?> { ["conversation_id"] = conversationId, ["user_id"] = userId },
                }
            );
            return response.Text;
        }
    }
}
