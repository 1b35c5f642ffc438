using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Agents;
using OrleansMemory.Client.Memory;

namespace OrleansMemory.Samples.TravelPlanning;

/// <summary>
/// The travel planning of Agent Framework's memory document: one thread, two runs. What was said is the thread's (short-term) memory; what is worth
/// knowing next time goes to a long-term memory of the user, which other threads share.
/// </summary>
public static class Trip
{
    private static readonly string[] Questions =
    [
        "I need to book a hotel in New York for 2 stays.",
        "What's the daily meal allowance for the business trip?",
    ];

    /// <summary>Plans the trip, and prints who says what and what is remembered after each run.</summary>
    /// <param name="conversations">Where thread and memory are kept.</param>
    /// <param name="userId">Who travels.</param>
    /// <param name="output">Where to print.</param>
    /// <returns>A task that ends after both runs.</returns>
    public static async Task PlanAsync(ConversationClient conversations, string userId, TextWriter output)
    {
        var longTerm = new ConversationMemory(conversations.Get($"facts-of-{userId}"));
        using var model = new ScriptedModel();
        var agent = new ChatAgent(model, new ChatAgentOptions
        {
            Name = "TravelAssistant",
            ContextProviders = [new TripFacts(longTerm)],
            MessageStoreFactory = () => new ConversationChatMessageStore(conversations.Get($"travel-planning-{Guid.NewGuid():N}")),
        });
        AgentThread thread = agent.GetNewThread();

        await output.WriteLineAsync("Thread: Travel Planning");
        for (int i = 0; i < Questions.Length; i++)
        {
            ChatResponse response = await agent.RunAsync(Questions[i], thread);
            await output.WriteLineAsync(
                $"""

                Run {i + 1}
                User's message: {Questions[i]}
                The model was reminded of: {Quoted(model.Reminders)}
                Agent's message: {response.Text}
                """);
            await PrintAsync("Thread now contains:", await thread.MessageStore!.ListMessagesAsync(), static message => Line(message), output);
            await PrintAsync("Memory now contains:", await longTerm.GetMessagesAsync(), static fact => $"\"{fact.Text}\"", output);
        }
    }

    private static string Line(ChatMessage message) =>
        $"{(message.Role == ChatRole.User ? "User's message" : "Agent's message")}: {message.Text}";

    private static string Quoted(IReadOnlyCollection<string> facts) =>
        facts.Count == 0 ? "nothing" : string.Join(", ", facts.Select(fact => $"\"{fact}\""));

    private static async Task PrintAsync(string title, IReadOnlyList<ChatMessage> messages, Func<ChatMessage, string> line, TextWriter output)
    {
        await output.WriteLineAsync(title);
        foreach (ChatMessage message in messages)
        {
            await output.WriteLineAsync($"- {line(message)}");
        }
    }
}
