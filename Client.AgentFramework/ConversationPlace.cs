using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.AgentFramework;

/// <summary>Where a store keeps its conversations, and what they begin with.</summary>
internal sealed class ConversationPlace
{
    /// <summary>Makes a place.</summary>
    /// <param name="tenant">Their tenant; <see langword="null"/> for the client's default.</param>
    /// <param name="newConversation">What a conversation begins with; <see langword="null"/> for nothing but what the tenant says.</param>
    /// <exception cref="InvalidRequestException">The tenant is not valid.</exception>
    public ConversationPlace(ConversationClient client, string? tenant, ConversationSettings? newConversation)
    {
        ArgumentNullException.ThrowIfNull(client);
        Client = client;
        Tenant = tenant ?? client.DefaultTenant;
        ConversationKey.CheckTenant(Tenant);
        NewConversation = newConversation;
    }

    public ConversationClient Client { get; }

    public string Tenant { get; }

    public ConversationSettings? NewConversation { get; }

    public Conversation Get(string id) => Client.Get(Tenant, id);
}
