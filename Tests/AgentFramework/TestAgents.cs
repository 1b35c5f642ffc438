using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.AgentFramework;

namespace OrleansMemory.Tests.AgentFramework;

/// <summary>Makes the framework's own agents.</summary>
internal static class TestAgents
{
    /// <summary>An agent whose history is in conversations.</summary>
    public static ChatClientAgent Of(
        IChatClient model,
        ConversationHistoryProvider history,
        Action<ChatClientAgentOptions>? configure = null,
        params AITool[] tools
    )
    {
        var options = new ChatClientAgentOptions
        {
            ChatHistoryProvider = history,
            ChatOptions = tools.Length == 0 ? null : new ChatOptions { Tools = tools },
        };
        configure?.Invoke(options);
        return new ChatClientAgent(model, options);
    }

    /// <summary>Runs, streaming or not.</summary>
    public static async Task<AgentResponse> RunAsync(
        this AIAgent agent,
        bool streaming,
        IEnumerable<ChatMessage> input,
        AgentSession? session,
        AgentRunOptions? options = null
    ) =>
        streaming
            ? await agent.RunStreamingAsync(input, session, options).ToAgentResponseAsync()
            : await agent.RunAsync(input, session, options);

    /// <summary>A message of the user.</summary>
    public static ChatMessage User(string text, string? id = null) => new(ChatRole.User, text) { MessageId = id };
}
