using OrleansMemory.Conversations;

namespace OrleansMemory.Client.AgentFramework;

/// <summary>Where a <see cref="ConversationSessionStore"/> keeps sessions.</summary>
public sealed class ConversationSessionStoreOptions
{
    /// <summary>The tenant of the conversations.</summary>
    /// <value>Default: <see langword="null"/>, the client's default tenant. The rules are those of <see cref="ConversationKey"/>.</value>
    public string? Tenant { get; set; }

    /// <summary>The settings that a conversation has when the store begins it: its user, its time to live.</summary>
    /// <value>Default: <see langword="null"/>, none but the tenant's own.</value>
    public ConversationSettings? NewConversation { get; set; }
}
