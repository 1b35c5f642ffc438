using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Agents;

/// <summary>Which run calls a context provider. A provider's hooks are not told; what needs to know it finds it here.</summary>
/// <param name="ThreadId">The thread: a service's, a conversation's id, or a name that lasts as long as the thread; <see langword="null"/> when it is not settled.</param>
/// <param name="Conversation">The conversation that the thread is; <see langword="null"/> when it is none.</param>
/// <param name="TurnId">Names the run, so that it can be made again; <see langword="null"/> when it has no name.</param>
internal sealed record RunIdentity(string? ThreadId, ConversationKey? Conversation, string? TurnId)
{
    private static readonly AsyncLocal<RunIdentity?> CurrentRun = new();

    /// <summary>The run that this code is called by; <see langword="null"/> when no agent or chat client of ours calls it.</summary>
    public static RunIdentity? Current => CurrentRun.Value;

    /// <summary>Makes this run the current one of the calling async method, and of all that it calls.</summary>
    public void Enter() => CurrentRun.Value = this;
}
