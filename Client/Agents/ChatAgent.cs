using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Agents.Errors;

namespace OrleansMemory.Client.Agents;

/// <summary>An agent over a chat client: it gives the model the history of a thread and what context providers know, and stores what was said.</summary>
/// <remarks>
/// <para>Ports Agent Framework's <c>ChatAgent</c> (<c>_agents.py</c>, October 2025). A run does this, in this order:</para>
/// <list type="number">
/// <item>It tells the context provider of a service's thread that it has not been told of (<see cref="ContextProvider.ThreadCreatedAsync"/>).</item>
/// <item>It lists the thread's messages and asks for context (<see cref="ContextProvider.InvokingAsync"/>). What fails up to here fails the run.</item>
/// <item>It calls the model with history, context messages and input; with the agent's, the run's and the context's instructions, one per line; and
/// with the tools of all three.</item>
/// <item>It takes over the id of the service's thread, if the answer has one.</item>
/// <item>It stores input and response, with all calls and results in between, in one addition: all of it or nothing.</item>
/// <item>It tells the context provider (<see cref="ContextProvider.InvokedAsync"/>).</item>
/// </list>
/// <para>When the model, the service's id or the storing fails nothing is stored, the context provider is told why, and the failure is thrown. An agent holds
/// nothing of its runs and may be shared; it disposes of neither its client nor its providers.</para>
/// </remarks>
public sealed partial class ChatAgent
{
    private readonly IChatClient _chatClient;
    private readonly ChatOptions? _chatOptions;
    private readonly Func<IChatMessageStore>? _messageStoreFactory;

    /// <summary>Makes an agent.</summary>
    /// <param name="chatClient">The model.</param>
    /// <param name="options">What the agent is; <see langword="null"/> takes the defaults.</param>
    /// <exception cref="AgentInitializationException">The options name a service's thread and a factory of message stores.</exception>
    public ChatAgent(IChatClient chatClient, ChatAgentOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(chatClient);
        options ??= new ChatAgentOptions();
        if (options.ConversationId is not null && options.MessageStoreFactory is not null)
        {
            throw new AgentInitializationException(
                "Cannot specify both conversation_id and chat_message_store_factory. "
                + "Use conversation_id for service-managed threads or chat_message_store_factory for local storage.");
        }

        _chatClient = chatClient;
        _chatOptions = options.ChatOptions?.Clone();
        _messageStoreFactory = options.MessageStoreFactory;
        Name = options.Name;
        Instructions = options.Instructions;
        Tools = [.. options.Tools];
        ConversationId = options.ConversationId;
        ContextProvider = options.ContextProviders switch
        {
            [] => null,
            [AggregateContextProvider aggregate] => aggregate,
            var providers => new AggregateContextProvider(providers),
        };
    }

    /// <summary>The agent's name; <see langword="null"/> when it has none.</summary>
    public string? Name { get; }

    /// <summary>What the model is told in every run; <see langword="null"/> when it is told nothing.</summary>
    public string? Instructions { get; }

    /// <summary>The tools of every run.</summary>
    public ImmutableArray<AITool> Tools { get; }

    /// <summary>The id of the service's thread that new threads go on in; <see langword="null"/> when there is none.</summary>
    public string? ConversationId { get; }

    /// <summary>What adds context to every run; <see langword="null"/> when nothing does.</summary>
    public AggregateContextProvider? ContextProvider { get; }

    /// <summary>Makes a thread: of the service's thread that is named here, else by the agent, else with a store of the agent's factory, else empty.</summary>
    /// <param name="serviceThreadId">The service's thread; <see langword="null"/> leaves it to the agent.</param>
    /// <returns>The thread.</returns>
    public AgentThread GetNewThread(string? serviceThreadId = null)
    {
        string? id = serviceThreadId ?? ConversationId;
        return new AgentThread(id, id is null ? _messageStoreFactory?.Invoke() : null, ContextProvider);
    }

    /// <summary>Makes a thread of this agent from a state; see <see cref="AgentThread.DeserializeAsync"/>.</summary>
    /// <param name="state">The state.</param>
    /// <param name="messageStore">The store of the thread; <see langword="null"/> makes one.</param>
    /// <param name="conversations">Where a conversation that the state names is found; needed for such a state, unless its store is given.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The thread, with the agent's context provider.</returns>
    /// <exception cref="AgentThreadException">The state cannot be read, or the store cannot take it.</exception>
    public async ValueTask<AgentThread> DeserializeThreadAsync(
        JsonElement state,
        IChatMessageStore? messageStore = null,
        ConversationClient? conversations = null,
        CancellationToken cancellationToken = default)
    {
        AgentThread thread = await AgentThread.DeserializeAsync(state, messageStore, conversations, cancellationToken);
        thread.ContextProvider = ContextProvider;
        return thread;
    }
}
