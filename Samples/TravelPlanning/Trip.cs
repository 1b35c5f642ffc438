using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Agents;
using OrleansMemory.Client.Compatibility.MassGen;
using OrleansMemory.Memories;

namespace OrleansMemory.Samples.TravelPlanning;

/// <summary>
/// The travel planning of Agent Framework's memory document: a thread of two runs, and then another thread. What was said is a thread's own (short-term) memory; what is
/// worth knowing next time goes to the long-term memory of the user, which all threads share.
/// </summary>
public static class Trip
{
    private static readonly (string Thread, string[] Questions)[] Threads =
    [
        ("Travel Planning", ["I need to book a hotel in New York for 2 stays.", "What's the daily meal allowance for the business trip?"]),
        ("Packing", ["What do you know about my trip?"]),
    ];

    /// <summary>Plans the trip, and prints who says what and what is remembered after each run.</summary>
    /// <param name="conversations">Where threads and memory are kept.</param>
    /// <param name="userId">Who travels.</param>
    /// <param name="output">Where to print.</param>
    /// <returns>A task that ends after all runs.</returns>
    public static async Task PlanAsync(ConversationClient conversations, string userId, TextWriter output)
    {
        var memory = new PersistentMemory(conversations, userName: userId);
        using var model = new ScriptedModel();
        using var chatClient = new ToolCalls(model);
        var agent = new ChatAgent(chatClient, new ChatAgentOptions
        {
            Name = "TravelAssistant",

            // Records what is said, and reminds the model of the facts that fit to a question.
            ContextProviders = [new MemoryContextProvider(conversations, new MemoryContextProviderOptions { UserId = userId, Kind = MemoryKind.Fact })],

            // The model itself saves what it finds worth knowing.
            Tools = [.. memory.AsTools()],
            MessageStoreFactory = () => new ConversationChatMessageStore(conversations.Get($"travel-planning-{Guid.NewGuid():N}")),
        });
        foreach ((string name, string[] questions) in Threads)
        {
            AgentThread thread = agent.GetNewThread();
            await output.WriteLineAsync($"Thread: {name}");
            for (int i = 0; i < questions.Length; i++)
            {
                ChatResponse response = await agent.RunAsync(questions[i], thread);
                await output.WriteLineAsync(
                    $"""

                    Run {i + 1}
                    User's message: {questions[i]}
                    The model was reminded of:{List(model.Reminders)}
                    Agent's message: {response.Messages[^1].Text}
                    Thread now contains:{List((await thread.MessageStore!.ListMessagesAsync()).Where(message => message.Text.Length > 0).Select(Line))}
                    Memory now contains:{List(await FactsAsync(memory))}
                    """);
            }

            await output.WriteLineAsync();
        }
    }

    private static string Line(ChatMessage message) =>
        $"{(message.Role == ChatRole.User ? "User's message" : "Agent's message")}: {message.Text}";

    private static string List(IEnumerable<string> lines) => string.Concat(lines.DefaultIfEmpty("nothing").Select(line => $"{Environment.NewLine}- {line}"));

    /// <summary>What the model has saved, oldest first. The turns that the provider recorded are memories too, and too long to print.</summary>
    private static async Task<IEnumerable<string>> FactsAsync(PersistentMemory memory) =>
        (await memory.Memories.ListAsync(new MemoryListQuery { Kind = MemoryKind.Fact })).Memories.Select(fact => $"\"{fact.Text}\"").Reverse();
}
