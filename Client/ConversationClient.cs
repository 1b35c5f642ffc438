using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansMemory.Client.Retries;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Users;

namespace OrleansMemory.Client;

/// <summary>Hands out conversations. One instance serves the whole process.</summary>
/// <example>
/// <code>
/// app.MapGet("/chats/{id}", async (string id, ConversationClient client) =&gt; (await client.Get(id).GetMessagesAsync()).Messages.Count);
/// </code>
/// </example>
public sealed partial class ConversationClient
{
    private readonly IGrainFactory _grains;
    private readonly ConversationReferences _references;
    private readonly string _defaultTenant;
    private readonly TransientRetry _retry;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<Type, object> _kept = new();

    /// <summary>Makes a client.</summary>
    /// <param name="grains">Where the grains are reached.</param>
    /// <param name="options">The options.</param>
    /// <param name="time">The clock of pauses and time limits.</param>
    /// <param name="logger">Where repetitions are logged. Content and keys never are.</param>
    public ConversationClient(
        IGrainFactory grains,
        IOptions<ConversationClientOptions> options,
        TimeProvider time,
        ILogger<ConversationClient> logger
    )
    {
        ArgumentNullException.ThrowIfNull(grains);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        _grains = grains;
        _references = new ConversationReferences(grains);
        _time = time;
        _defaultTenant = options.Value.DefaultTenant;
        _retry = new TransientRetry(options.Value, time, logger, Random.Shared.NextDouble);
        Limits = new KnownLimits(time);
        Format = options.Value.SerializerOptions is { } serializer ? new ChatMessageFormat(serializer) : ChatMessageFormat.Default;
    }

    /// <summary>How chat messages are stored.</summary>
    public ChatMessageFormat Format { get; }

    /// <summary>The tenant of conversations that are asked for by id alone.</summary>
    internal string DefaultTenant => _defaultTenant;

    /// <summary>What turns may hold.</summary>
    internal KnownLimits Limits { get; }

    /// <summary>Where the grains are reached.</summary>
    internal IGrainFactory Grains => _grains;

    /// <summary>The caller's clock.</summary>
    internal TimeProvider Time => _time;

    /// <summary>How calls are repeated.</summary>
    internal TransientRetry Retry => _retry;

    /// <summary>What a feature keeps for all conversations of this client, which knows nothing of it: one object of each type.</summary>
    /// <typeparam name="T">The type, which is the feature's own.</typeparam>
    /// <returns>The object, always the same.</returns>
    internal T Kept<T>()
        where T : class, new() => (T)_kept.GetOrAdd(typeof(T), static _ => new T());

    /// <summary>A conversation of the default tenant. Nothing is read or created by this.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>A handle.</returns>
    /// <exception cref="InvalidRequestException">The id is not valid.</exception>
    /// <example>
    /// <code>
    /// Conversation conversation = client.Get("trip");
    /// await conversation.AppendAsync(new ChatMessage(ChatRole.User, "Where to?"));
    /// </code>
    /// </example>
    public Conversation Get(string id) => Get(_defaultTenant, id);

    /// <summary>A conversation. Nothing is read or created by this.</summary>
    /// <param name="tenant">Its tenant.</param>
    /// <param name="id">Its id.</param>
    /// <returns>A handle.</returns>
    /// <exception cref="InvalidRequestException">The tenant or the id is not valid.</exception>
    public Conversation Get(string tenant, string id) => Get(ConversationKey.Create(tenant, id));

    /// <summary>A conversation. Nothing is read or created by this.</summary>
    /// <param name="key">Its key.</param>
    /// <returns>A handle.</returns>
    public Conversation Get(ConversationKey key) =>
        key == default
            ? throw new ArgumentException("A key is made by ConversationKey.Create.", nameof(key))
            : new Conversation(this, key, _references.Get(key), _retry, _time);

    /// <summary>
    /// Looks for messages by what they say, in all live conversations of a user. A message that several of them share through forks is
    /// found once: in the conversation that it was said in, or, where that is not among them, in the fork that was made first.
    /// </summary>
    /// <param name="userId">The user, 1 to 256 bytes of UTF-8.</param>
    /// <param name="query">What to look for.</param>
    /// <param name="tenant">The user's tenant; <see langword="null"/> for the default tenant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The page, newest first by the instants of the messages; an empty one for a user without conversations.</returns>
    /// <exception cref="InvalidRequestException">The user, the tenant, the text, the limit or the cursor is not valid.</exception>
    /// <example>
    /// <code>
    /// MessageSearchPage found = await client.SearchAsync("ada", new MessageSearchQuery { Text = "window seat" });
    /// </code>
    /// </example>
    public Task<MessageSearchPage> SearchAsync(
        string userId,
        MessageSearchQuery query,
        string? tenant = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(query);
        WellFormedText.Require(userId, "userId");
        string searched = ConversationKey.Create(tenant ?? _defaultTenant, "any").Tenant;
        IConversationSearchGrain grain = _grains.GetGrain<IConversationSearchGrain>(searched);
        return _retry.ExecuteAsync(
            static (state, token) => state.grain.SearchUserAsync(state.userId, state.query, token),
            (grain, userId, query),
            cancellationToken
        );
    }

    /// <summary>
    /// Erases a user: removes every conversation whose user id this is, with all it holds, also where forks share it. Turns that were
    /// answered before the call are gone when it returns.
    /// </summary>
    /// <param name="userId">The user's id.</param>
    /// <param name="tenant">The user's tenant; <see langword="null"/> for the default tenant.</param>
    /// <param name="cancellationToken">Ends the wait; what was removed stays removed.</param>
    /// <returns>How much was removed. After a retry it counts only what the attempts before had left.</returns>
    /// <exception cref="InvalidRequestException">The tenant or the user id is not valid.</exception>
    /// <example>
    /// <code>
    /// ErasureReceipt erased = await client.EraseUserAsync("ada");
    /// </code>
    /// </example>
    public Task<ErasureReceipt> EraseUserAsync(string userId, string? tenant = null, CancellationToken cancellationToken = default)
    {
        UserKey key = UserKey.Create(tenant ?? _defaultTenant, userId);
        return _retry.ExecuteAsync(
            static (grain, token) => grain.EraseAsync(token),
            _grains.GetGrain<IUserErasureGrain>(key.ToString()),
            cancellationToken
        );
    }
}
