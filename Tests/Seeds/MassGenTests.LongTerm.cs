using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.MassGen;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Seeds;

public sealed partial class MassGenTests
{
    /// <summary>Architecture, 2. PersistentMemory. <c>docs/massgen.md</c> shows this code.</summary>
    [Fact]
    public async Task PersistentMemory_is_long_term_memory()
    {
        ConversationClient client = _client;
        var written = new List<string>();
        void Print(string line) => written.Add(line);

        // example
        // Initialize; no model is needed
        var memory = new PersistentMemory(client, agentName: "my_agent");

        // Developer Interface: Record conversation
        await memory.RecordAsync([
            new ChatMessage(ChatRole.User, "My name is Alice"),
            new ChatMessage(ChatRole.Assistant, "Nice to meet you, Alice!"),
        ]);

        // Developer Interface: Retrieve relevant memories
        string relevant = await memory.RetrieveAsync("What's the user's name?");
        Print(relevant); // "user: My name is Alice", and perhaps more

        // Agent Tool Interface: Agent saves important info
        MemorySaveResult saved = await memory.SaveToMemoryAsync(
            thinking: "User shared personal information",
            content: ["User's favorite color is blue", "User works as a teacher"]
        );

        // Agent Tool Interface: Agent recalls from memory
        MemoryRecallResult result = await memory.RecallFromMemoryAsync(keywords: ["favorite color", "job"], limit: 5);
        foreach (string mem in result.Memories)
        {
            Print(mem);
        }
        // end of example

        Assert.StartsWith("user: My name is Alice", relevant, StringComparison.Ordinal);
        Assert.Equal((true, "Successfully saved 2 items to memory", 2), (saved.Success, saved.Message, saved.MemoryIds.Count));
        Assert.True(result.Success);
        Assert.Equal("User's favorite color is blue", result.Memories[0]);
        Assert.Equal(result.Count, result.Memories.Count);
        Assert.Equal([relevant, .. result.Memories], written);
    }

    /// <summary>Mode 1: developer-controlled.</summary>
    [Fact]
    public async Task Mode_1_remembers_by_itself()
    {
        ScriptedChatClient backend = new ScriptedChatClient().Says("Nice to meet you, Alice!").Says("Your name is Alice.");
        var memory = new PersistentMemory(_client, agentName: "agent_1");
        var agent = new MyAgent(backend, new ConversationMemory(_client.Get("mode-1")), memory);

        Assert.Equal("Nice to meet you, Alice!", await agent.ChatAsync("My name is Alice"));
        Assert.Equal(["My name is Alice"], backend.Requests[0].Texts);
        Assert.Equal(2, await agent.ConversationMemory.GetSizeAsync());

        // Another conversation of the same agent.
        var later = new MyAgent(backend, new ConversationMemory(_client.Get("mode-1-later")), memory);
        Assert.Equal("Your name is Alice.", await later.ChatAsync("What is my name?"));
        Assert.Equal(2, backend.Requests[1].Messages.Count);
        Assert.Equal(ChatRole.System, backend.Requests[1].Messages[0].Role);
        Assert.StartsWith("Relevant memories: \"user: My name is Alice", backend.Requests[1].Messages[0].Text, StringComparison.Ordinal);
    }

    /// <summary>Mode 2: agent-controlled.</summary>
    [Fact]
    public async Task Mode_2_lets_the_agent_call_tools()
    {
        var memory = new PersistentMemory(_client, agentName: "agent_1");

        // Register memory tools
        IReadOnlyList<AIFunction> tools = memory.AsTools();

        // "The user mentioned their birthday. I should save this."
        // -> Calls save_to_memory(thinking="...", content=["Birthday: March 15"])
        ScriptedChatClient model = new ScriptedChatClient()
            .Answers(
                new ChatResponse(
                    new ChatMessage(
                        ChatRole.Assistant,
                        [
                            new FunctionCallContent(
                                "call",
                                "save_to_memory",
                                new Dictionary<string, object?>
                                {
                                    ["thinking"] = "The user mentioned their birthday. I should save this.",
                                    ["content"] = new[] { "Birthday: March 15" },
                                }
                            ),
                        ]
                    )
                )
            )
            .Says("I will remember that.");
        using var agent = new RunScriptToolLoop(model, tools);
        ChatResponse response = await agent.GetResponseAsync(
            [new ChatMessage(ChatRole.User, "My birthday is on March 15.")],
            new ChatOptions { Tools = [.. tools] }
        );

        Assert.Equal("I will remember that.", response.Messages[^1].Text);
        Assert.Equal(["Birthday: March 15"], (await memory.RecallFromMemoryAsync(["birthday"])).Memories);
    }

    /// <summary>
    /// Vector store options, and the advanced configuration: what is MassGen's constructor there is the silo's configuration here.
    /// </summary>
    [Fact]
    public async Task Where_and_how_memories_are_kept_is_the_silos_configuration()
    {
        await using GrainHost host = await GrainHost.StartAsync(silo =>
        {
            silo.AddOrleansMemory().UseInMemoryStorage();
            silo.ConfigureMemories(options => options.DefaultTimeToLive = TimeSpan.FromDays(30));
            silo.UseInMemoryReminderService();
        });
        var memory = new PersistentMemory(Clients.Of(host), agentName: "agent_1");
        await memory.SaveToMemoryAsync("", ["The deployment is on Friday"]);
        MemoryFact fact = Assert.Single((await memory.Memories.ListAsync()).Memories);
        Assert.Equal(fact.CreatedAt + TimeSpan.FromDays(30), fact.ExpiresAt);
    }

    /// <summary>Memory organization.</summary>
    [Fact]
    public async Task Memories_are_organized_by_agent_user_and_session()
    {
        // Agent-specific memory
        var agentMemory = new PersistentMemory(_client, agentName: "research_agent");

        // User-specific memory
        var userMemory = new PersistentMemory(_client, userName: "alice");

        // Session-specific memory
        var sessionMemory = new PersistentMemory(_client, agentName: "agent_1", sessionName: "session_123");

        // Combined filtering
        var memory = new PersistentMemory(_client, agentName: "agent_1", userName: "alice", sessionName: "2024-01-15");

        await agentMemory.SaveToMemoryAsync("", ["fact of the agent"]);
        await userMemory.SaveToMemoryAsync("", ["fact of the user"]);
        await sessionMemory.SaveToMemoryAsync("", ["fact of the session"]);
        await memory.SaveToMemoryAsync("", ["fact of all three"]);

        Assert.Equal(["fact of the agent"], await RecallAsync(agentMemory));
        Assert.Equal(["fact of all three", "fact of the user"], await RecallAsync(userMemory));
        Assert.Equal(["fact of the session"], await RecallAsync(sessionMemory));
        Assert.Equal(["fact of all three"], await RecallAsync(memory));

        // At least one name must be given
        Assert.Throws<ArgumentException>(() => new PersistentMemory(_client));
    }

    /// <summary>Troubleshooting: a smaller limit retrieves less.</summary>
    [Fact]
    public async Task A_smaller_limit_retrieves_less()
    {
        var memory = new PersistentMemory(_client, agentName: "agent_1");
        await memory.SaveToMemoryAsync("", ["a fact", "another fact", "a third fact"]);
        Assert.Equal(3, (await memory.RetrieveAsync("fact")).Split('\n').Length);
        Assert.Single((await memory.RetrieveAsync("fact", limit: 1)).Split('\n'));
    }

    private static async Task<IEnumerable<string>> RecallAsync(PersistentMemory memory) =>
        (await memory.RecallFromMemoryAsync(["fact"])).Memories.Order(StringComparer.Ordinal);

    private sealed class MyAgent(IChatClient backend, ConversationMemory conversationMemory, PersistentMemory persistentMemory)
    {
        public ConversationMemory ConversationMemory => conversationMemory;

        public async Task<string> ChatAsync(string userMessage)
        {
            // Auto-add to conversation memory
            await conversationMemory.AddAsync(new ChatMessage(ChatRole.User, userMessage));

            // Auto-retrieve relevant long-term memories
            string context = await persistentMemory.RetrieveAsync(userMessage);

            // Build full context
            List<ChatMessage> messages = [.. await conversationMemory.GetMessagesAsync()];
            if (context.Length > 0)
            {
                // Memories are data: quoted, they cannot pass for instructions
                messages.Insert(0, new ChatMessage(ChatRole.System, $"Relevant memories: {MemoryFence.Quote(context)}"));
            }

            // Generate response...
            ChatResponse response = await backend.GetResponseAsync(messages);

            // Auto-record response
            await conversationMemory.AddAsync(new ChatMessage(ChatRole.Assistant, response.Text));

            // Optionally save important conversations to long-term memory
            await persistentMemory.RecordAsync([new ChatMessage(ChatRole.User, userMessage), .. response.Messages]);

            return response.Text;
        }
    }
}
