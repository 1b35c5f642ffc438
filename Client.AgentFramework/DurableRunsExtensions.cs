using Microsoft.Agents.AI;

namespace OrleansMemory.Client.AgentFramework;

/// <summary>Makes the runs of agents durable.</summary>
public static class DurableRunsExtensions
{
    /// <summary>
    /// Makes a run that comes again under its turn id call no model and no tool: it gets the stored answer, also as a stream. Of two at
    /// once in one process one runs, and both get its answer; in two processes both may run, one is stored, and both get that one's answer,
    /// unless the other had given a part of its own stream away: then it fails with
    /// <see cref="OrleansMemory.Errors.TurnConflictException"/>, and a repetition gets the stored one.
    /// </summary>
    /// <remarks>
    /// <para>A run has a turn id by <see cref="AgentRunOptionsExtensions.WithTurnId"/>, or by the ids of its messages where all of them
    /// have one; the others run as they would without. An approval that is posted twice at once, in whatever processes, runs its tool
    /// once.</para>
    /// <para>
    /// What the stored answer has not: usage and the like, and what the providers of context would have learnt. The agent's session is not
    /// changed by it.
    /// </para>
    /// </remarks>
    /// <param name="agent">The agent, with a <see cref="ConversationHistoryProvider"/>.</param>
    /// <returns>The agent with durable runs.</returns>
    /// <exception cref="InvalidOperationException">
    /// The agent has no such provider, or each call of its model is a turn of its own
    /// (<see cref="ChatClientAgentOptions.RequirePerServiceCallChatHistoryPersistence"/>).
    /// </exception>
    public static AIAgent WithDurableRuns(this AIAgent agent)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ConversationHistoryProvider provider =
            agent.GetService<ConversationHistoryProvider>()
            ?? throw new InvalidOperationException(
                $"The agent has no {nameof(ConversationHistoryProvider)}: there is nowhere to look for what was answered."
            );
        return agent.GetService<ChatClientAgentOptions>() is { RequirePerServiceCallChatHistoryPersistence: true }
            ? throw new InvalidOperationException(
                $"With {nameof(ChatClientAgentOptions.RequirePerServiceCallChatHistoryPersistence)} a run is several turns, and no turn is its answer."
            )
            : new DurableRunsAgent(agent, provider);
    }
}
