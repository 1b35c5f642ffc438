using Microsoft.Extensions.AI;
using OrleansMemory.Client.Agents.Errors;

namespace OrleansMemory.Client.Agents;

/// <summary>
/// One conversation with an agent. Its messages are kept either by the agent's service, under a <see cref="ServiceThreadId"/>, or by a
/// <see cref="MessageStore"/>; never by both. A new thread has neither and gets one by its first run.
/// </summary>
/// <remarks>Ports Agent Framework's <c>AgentThread</c> (<c>_threads.py</c>, October 2025). Runs of one thread come one after the other.</remarks>
public sealed partial class AgentThread
{
    private const string OneOnly = "Only the service_thread_id or message_store may be set, but not both";

    private string? _serviceThreadId;
    private IChatMessageStore? _messageStore;

    /// <summary>Makes a thread. Agents make them by <see cref="ChatAgent.GetNewThread"/>.</summary>
    /// <param name="serviceThreadId">The service's thread; <see langword="null"/> for none.</param>
    /// <param name="messageStore">Where messages are kept; <see langword="null"/> for no store.</param>
    /// <param name="contextProvider">What adds context to the thread's runs; <see langword="null"/> leaves that to the agent.</param>
    /// <exception cref="AgentThreadException">Both were given.</exception>
    /// <exception cref="ArgumentException">The id is blank.</exception>
    public AgentThread(string? serviceThreadId = null, IChatMessageStore? messageStore = null, ContextProvider? contextProvider = null)
    {
        if (serviceThreadId is not null && messageStore is not null)
        {
            throw new AgentThreadException(OneOnly + ".");
        }

        ServiceThreadId = serviceThreadId;
        MessageStore = messageStore;
        ContextProvider = contextProvider;
    }

    /// <summary>
    /// The id of the service's thread; <see langword="null"/> when there is none. Another id may take its place; setting <see langword="null"/> changes
    /// nothing.
    /// </summary>
    /// <exception cref="AgentThreadException">The thread has a message store.</exception>
    /// <exception cref="ArgumentException">The id is blank.</exception>
    public string? ServiceThreadId
    {
        get => _serviceThreadId;
        set
        {
            if (value is null)
            {
                return;
            }

            ArgumentException.ThrowIfNullOrWhiteSpace(value);
            _serviceThreadId = _messageStore is null ? value : throw Switched();
        }
    }

    /// <summary>
    /// Where messages are kept; <see langword="null"/> when there is no store. Another store may take its place; setting <see langword="null"/> changes
    /// nothing.
    /// </summary>
    /// <exception cref="AgentThreadException">The thread has a service thread id.</exception>
    public IChatMessageStore? MessageStore
    {
        get => _messageStore;
        set
        {
            if (value is not null)
            {
                _messageStore = _serviceThreadId is null ? value : throw Switched();
            }
        }
    }

    /// <summary>Whether it is settled who keeps the messages.</summary>
    public bool IsInitialized => _serviceThreadId is not null || _messageStore is not null;

    /// <summary>What adds context to the thread's runs; <see langword="null"/> leaves that to the agent. It is not part of the state.</summary>
    public ContextProvider? ContextProvider { get; set; }

    /// <summary>The service's thread that the context provider has been told of.</summary>
    internal string? AnnouncedThreadId { get; set; }

    /// <summary>Names a thread that nothing else names, for as long as it is in memory.</summary>
    internal string LocalId { get; } = $"thread_{Guid.NewGuid():N}";

    /// <summary>Stores a new message; see <see cref="OnNewMessagesAsync(IEnumerable{ChatMessage}, string?, CancellationToken)"/>.</summary>
    /// <param name="message">The message.</param>
    /// <param name="turnId">Names the addition; <see langword="null"/> names a new one.</param>
    /// <param name="cancellationToken">Ends the wait, not an addition that is already on its way.</param>
    /// <returns>A task that ends when it is stored.</returns>
    public ValueTask OnNewMessagesAsync(ChatMessage message, string? turnId = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return OnNewMessagesAsync([message], turnId, cancellationToken);
    }

    /// <summary>
    /// Stores new messages, all of them or none. A thread of a service stores nothing, since the service has done so; a new thread gets a store in memory.
    /// </summary>
    /// <param name="messages">The messages, in order.</param>
    /// <param name="turnId">Names the addition, so that adding it again adds nothing twice; <see langword="null"/> names a new one.</param>
    /// <param name="cancellationToken">Ends the wait, not an addition that is already on its way.</param>
    /// <returns>A task that ends when they are stored.</returns>
    public ValueTask OnNewMessagesAsync(
        IEnumerable<ChatMessage> messages, string? turnId = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (_serviceThreadId is not null)
        {
            return ValueTask.CompletedTask;
        }

        _messageStore ??= new InMemoryChatMessageStore();
        return _messageStore.AddMessagesAsync(messages, turnId, cancellationToken);
    }

    private static AgentThreadException Switched() => new(OneOnly + " and switching from one to another is not supported.");
}
