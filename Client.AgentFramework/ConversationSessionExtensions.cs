using Microsoft.Agents.AI;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.AgentFramework;

/// <summary>Binds agent sessions to conversations. The session holds the conversation's name, and nothing that grows.</summary>
public static class ConversationSessionExtensions
{
    /// <summary>The name in <see cref="AgentSession.StateBag"/> under which the conversation's name is kept.</summary>
    internal const string StateKey = "OrleansMemory.Conversation";

    /// <summary>Binds a session to a conversation of the provider's tenant.</summary>
    /// <param name="session">The session.</param>
    /// <param name="id">The conversation's id; <see cref="ConversationKey.Encode"/> makes one of any text.</param>
    /// <returns>The same session.</returns>
    /// <exception cref="InvalidRequestException">The id is not valid.</exception>
    /// <exception cref="InvalidOperationException">The session is bound to another conversation.</exception>
    public static AgentSession UseConversation(this AgentSession session, string id)
    {
        _ = ConversationKey.Create("any", id);
        return Bind(session, id);
    }

    /// <summary>Binds a session to a conversation.</summary>
    /// <param name="session">The session.</param>
    /// <param name="key">The conversation.</param>
    /// <returns>The same session.</returns>
    /// <exception cref="InvalidOperationException">The session is bound to another conversation.</exception>
    public static AgentSession UseConversation(this AgentSession session, ConversationKey key) =>
        key == default
            ? throw new ArgumentException("A key is made by ConversationKey.Create.", nameof(key))
            : Bind(session, key.ToString());

    /// <summary>Reads which conversation a session is bound to.</summary>
    /// <param name="tenant">The tenant of a conversation that was named by its id alone and has not been used yet.</param>
    /// <returns>The conversation; <see langword="null"/> when the session is bound to none.</returns>
    internal static ConversationKey? FindConversation(this AgentSession session, string tenant) =>
        session.StateBag.TryGetValue(StateKey, out string? name) && name is not null
            ? name.Contains('/', StringComparison.Ordinal)
                ? ConversationKey.Parse(name)
                : ConversationKey.Create(tenant, name)
            : null;

    /// <summary>Writes the whole name, so that the session means the same conversation wherever it is read.</summary>
    internal static void SetConversation(this AgentSession session, ConversationKey key) =>
        session.StateBag.SetValue(StateKey, key.ToString());

    private static AgentSession Bind(AgentSession session, string name)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (
            session.StateBag.TryGetValue(StateKey, out string? bound)
            && bound is not null
            && !string.Equals(IdOf(bound, name), IdOf(name, bound), StringComparison.Ordinal)
        )
        {
            throw new InvalidOperationException("The session is bound to another conversation. Make a new session for this one.");
        }

        if (bound is null || name.Contains('/', StringComparison.Ordinal))
        {
            session.StateBag.SetValue(StateKey, name);
        }

        return session;
    }

    /// <summary>A name in the form in which it can be compared with another one, which may lack the tenant.</summary>
    private static string IdOf(string name, string other) =>
        other.Contains('/', StringComparison.Ordinal) ? name : name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..];
}
