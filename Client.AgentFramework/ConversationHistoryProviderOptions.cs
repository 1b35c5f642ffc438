using System.ComponentModel.DataAnnotations;
using OrleansMemory.Client.Runs;
using OrleansMemory.Client.Windows;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client.AgentFramework;

/// <summary>What a <see cref="ConversationHistoryProvider"/> gives and stores. The options are read once.</summary>
public sealed class ConversationHistoryProviderOptions
{
    /// <summary>The tenant of the conversations. A session that names another tenant's conversation is refused.</summary>
    /// <value>
    /// Default: <see langword="null"/>: the client's default tenant, and whichever a session names. The rules are those of
    /// <see cref="ConversationKey"/>.
    /// </value>
    public string? Tenant { get; set; }

    /// <summary>How much of the history goes to the model. The input counts first.</summary>
    /// <value>Default: a window with the default options.</value>
    [Required]
    public ConversationWindow Window { get; set; } = new();

    /// <summary>The settings that a conversation has when a run begins it: its user, its time to live.</summary>
    /// <value>Default: <see langword="null"/>, none but the tenant's own.</value>
    public ConversationSettings? NewConversation { get; set; }

    /// <summary>
    /// Told, once the turn is durable, of everything in the agent's answer that could not be stored as it came and was stored otherwise.
    /// The caller's response has the contents as they came. What it throws is logged by its type.
    /// </summary>
    /// <value>Default: <see langword="null"/>; the changes are logged all the same, by kind and type.</value>
    public Action<AnswerChange>? AnswerChanged { get; set; }
}
