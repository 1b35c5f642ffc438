using OrleansMemory.Conversations;

namespace OrleansMemory.Client.AgentFramework;

/// <summary>Where a <see cref="ConversationCheckpointStore"/> keeps checkpoints.</summary>
public sealed class ConversationCheckpointStoreOptions
{
    /// <summary>The tenant of the conversations.</summary>
    /// <value>Default: <see langword="null"/>, the client's default tenant. The rules are those of <see cref="ConversationKey"/>.</value>
    public string? Tenant { get; set; }

    /// <summary>
    /// The settings that the conversation of a workflow's session begins with: its user, and how long its checkpoints live.
    /// </summary>
    /// <value>Default: <see langword="null"/>, none but the tenant's own: checkpoints are kept until the conversation is deleted.</value>
    public ConversationSettings? NewConversation { get; set; }
}
