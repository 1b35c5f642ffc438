using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Runs;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.AgentFramework;

/// <summary>Names runs, so that they can be sent again.</summary>
public static class AgentRunOptionsExtensions
{
    /// <summary>
    /// Names a run by a turn id: sent again under it, the run is stored once; see <see cref="DurableRunsExtensions.WithDurableRuns"/>. The
    /// id is kept in <see cref="AgentRunOptions.AdditionalProperties"/> and taken out before the model's client sees it.
    /// </summary>
    /// <param name="options">The options of the run; <see langword="null"/> for none.</param>
    /// <param name="turnId">A text of 1 to 232 bytes of UTF-8.</param>
    /// <returns>
    /// A copy of the options with the turn id. Options of a kind that only another agent knows are copied as they are: that agent is told
    /// the turn id among the additional properties.
    /// </returns>
    /// <exception cref="InvalidRequestException">The turn id is not valid.</exception>
    public static AgentRunOptions WithTurnId(this AgentRunOptions? options, string turnId)
    {
        RunTurnId.Require(turnId);
        AgentRunOptions named = Copy(options);
        named.AdditionalProperties ??= [];
        named.AdditionalProperties[ConversationChatClient.TurnIdProperty] = turnId;
        return named;
    }

    private static AgentRunOptions Copy(AgentRunOptions? options)
    {
        if (options is not null and not ChatClientAgentRunOptions && options.GetType() != typeof(AgentRunOptions))
        {
            return options.Clone();
        }

        ChatClientAgentRunOptions copy = options is ChatClientAgentRunOptions given
            ? (ChatClientAgentRunOptions)given.Clone()
            : new ChatClientAgentRunOptions
            {
                ContinuationToken = options?.ContinuationToken,
                AllowBackgroundResponses = options?.AllowBackgroundResponses,
                AdditionalProperties = options?.AdditionalProperties?.Clone(),
                ResponseFormat = options?.ResponseFormat,
            };
        Func<IChatClient, IChatClient>? inner = copy.ChatClientFactory;
        copy.ChatClientFactory = client => TurnIdHidingChatClient.Around(inner?.Invoke(client) ?? client);
        return copy;
    }
}
