using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Agents;

/// <summary>What a <see cref="ChatAgent"/> is. It is read when the agent is made.</summary>
public sealed class ChatAgentOptions
{
    /// <summary>The agent's name. Messages of the model that name no author get it as theirs.</summary>
    /// <value>Default: <see langword="null"/>, which names nobody.</value>
    public string? Name { get; set; }

    /// <summary>What the model is told in every run.</summary>
    /// <value>Default: <see langword="null"/>, which tells it nothing.</value>
    public string? Instructions { get; set; }

    /// <summary>What adds context to every run, in order. One aggregate provider may stand for several.</summary>
    /// <value>Default: none.</value>
    public IList<ContextProvider> ContextProviders { get; set; } = [];

    /// <summary>The tools of every run. Calling them is up to the chat client.</summary>
    /// <value>Default: none.</value>
    public IList<AITool> Tools { get; set; } = [];

    /// <summary>The id of the service's thread that new threads go on in. Not together with <see cref="MessageStoreFactory"/>.</summary>
    /// <value>Default: <see langword="null"/>.</value>
    public string? ConversationId { get; set; }

    /// <summary>Makes the message store of a new thread. Not together with <see cref="ConversationId"/>.</summary>
    /// <value>Default: <see langword="null"/>: a thread gets a store in memory when it needs one.</value>
    public Func<IChatMessageStore>? MessageStoreFactory { get; set; }

    /// <summary>
    /// The model's options in runs that bring none of their own. <see cref="Instructions"/> and <see cref="Tools"/> come first in any case.
    /// </summary>
    /// <value>Default: <see langword="null"/>, which leaves everything to the chat client.</value>
    public ChatOptions? ChatOptions { get; set; }
}
