using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Agents.AI;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.AgentFramework;

/// <summary>
/// Keeps sessions beside their conversations. The key of a session names its conversation: whoever asks for the key gets a session that is
/// bound to it, so that its history is there. What is stored is what providers and the framework keep in the session besides, such as
/// approvals that are asked for, as one entry.
/// </summary>
/// <remarks>
/// <para>A session that holds nothing but its conversation's name is not written, and neither is one that has not changed since it was
/// stored. Of two saves at once the later one counts: history is not in the session, so none of it is lost.</para>
/// <para>The key is no protection: a host that serves several users puts the user into it, as a partition (see
/// <see cref="AgentSessionStoreKey.WithPartition"/>). Agents of one name share a session of one key; agents of different names share its
/// conversation.</para>
/// <para>Under a store that delegates to this one and does not override <see cref="GetOrCreateSessionAsync"/>, a new session does not learn
/// its key: its provider then gives it a conversation of its own, which the stored session names.</para>
/// <para>Experimental because the framework's base class is.</para>
/// </remarks>
[Experimental("MAAI001")]
public sealed class ConversationSessionStore : AgentSessionStore
{
    private const string PartitionMark = "~p";

    private readonly ConversationPlace _place;

    /// <summary>Makes a store.</summary>
    /// <param name="client">Where the conversations are.</param>
    /// <param name="options">Where sessions are kept; <see langword="null"/> takes the defaults.</param>
    /// <exception cref="InvalidRequestException">The tenant is not valid.</exception>
    public ConversationSessionStore(ConversationClient client, ConversationSessionStoreOptions? options = null) =>
        _place = new ConversationPlace(client, options?.Tenant, options?.NewConversation);

    /// <summary>The conversation that a session's key names.</summary>
    /// <param name="key">The key. All of its partitions count, in whatever order.</param>
    /// <returns>The conversation.</returns>
    public Conversation FindConversation(AgentSessionStoreKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        string text = key.Partitions is { Count: > 0 } partitions
            ? string.Join(
                '/',
                partitions
                    .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                    .Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}")
            )
                + "//"
                + Uri.EscapeDataString(key.SessionId)
            : key.SessionId;

        // A session's id may look like partitions; the mark of the latter is in no id that is made of a text. Where there is no room for
        // it, the text is lengthened, so that it becomes a hash.
        string id = ConversationKey.Encode(text);
        string name =
            key.Partitions is not { Count: > 0 } ? id
            : id.Length + PartitionMark.Length <= ConversationKey.MaxIdLength ? PartitionMark + id
            : PartitionMark + ConversationKey.Encode(new string('/', ConversationKey.MaxIdLength) + text);
        return _place.Get(name);
    }

    /// <summary>Reads a session.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="key">The session's key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// The session, bound to its conversation; <see langword="null"/> when there is neither a stored session nor a conversation.
    /// </returns>
    public override async ValueTask<AgentSession?> GetSessionAsync(
        AIAgent agent,
        AgentSessionStoreKey key,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(agent);
        Conversation conversation = FindConversation(key);
        if (await conversation.GetEntryAsync(EntrySpaces.AgentSessions, NameOf(agent), cancellationToken) is { } stored)
        {
            AgentSession session = await agent.DeserializeSessionAsync(
                JsonElement.Parse(stored.Value),
                cancellationToken: cancellationToken
            );
            return session.FindConversation(_place.Tenant) is null ? session.UseConversation(conversation.Key) : session;
        }

        return await conversation.GetHeadAsync(cancellationToken) is null
            ? null
            : await CreateAsync(agent, conversation, cancellationToken);
    }

    /// <inheritdoc />
    public override async ValueTask<AgentSession> GetOrCreateSessionAsync(
        AIAgent agent,
        AgentSessionStoreKey key,
        CancellationToken cancellationToken = default
    ) => await GetSessionAsync(agent, key, cancellationToken) ?? await CreateAsync(agent, FindConversation(key), cancellationToken);

    /// <inheritdoc />
    /// <exception cref="PayloadTooLargeException">What the session holds is more than an entry may have.</exception>
    public override async ValueTask SaveSessionAsync(
        AIAgent agent,
        AgentSessionStoreKey key,
        AgentSession session,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(session);
        Conversation conversation = FindConversation(key);
        JsonElement state = await agent.SerializeSessionAsync(session, cancellationToken: cancellationToken);
        Entry? stored = await conversation.GetEntryAsync(EntrySpaces.AgentSessions, NameOf(agent), cancellationToken);
        JsonElement before = stored is null
            ? await agent.SerializeSessionAsync(
                await CreateAsync(agent, conversation, cancellationToken),
                cancellationToken: cancellationToken
            )
            : JsonElement.Parse(stored.Value);
        if (JsonElement.DeepEquals(before, state))
        {
            return;
        }

        var write = new EntryWrite
        {
            Space = EntrySpaces.AgentSessions,
            Key = NameOf(agent),
            Value = state.GetRawText(),
        };
        await conversation.CommitAsync(
            new Turn
            {
                TurnId = Conversation.NewTurnId(),
                EntryWrites = [write],
                InitialSettings = _place.NewConversation,
            },
            cancellationToken
        );
    }

    /// <summary>Deletes a session and its conversation, with all that was said.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="key">The session's key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when nothing is left of it. A session that does not exist is no error.</returns>
    public override async ValueTask DeleteSessionAsync(
        AIAgent agent,
        AgentSessionStoreKey key,
        CancellationToken cancellationToken = default
    )
    {
        Conversation conversation = FindConversation(key);
        AgentSession? session = await GetSessionAsync(agent, key, cancellationToken);
        if (
            session?.FindConversation(_place.Tenant) is { } named
            && named != conversation.Key
            && string.Equals(named.Tenant, _place.Tenant, StringComparison.Ordinal)
        )
        {
            await _place.Client.Get(named).DeleteAsync(cancellationToken);
        }

        await conversation.DeleteAsync(cancellationToken);
    }

    private static string NameOf(AIAgent agent) => string.IsNullOrEmpty(agent.Name) ? "agent" : ConversationKey.Encode(agent.Name);

    private static async Task<AgentSession> CreateAsync(AIAgent agent, Conversation conversation, CancellationToken cancellationToken) =>
        (await agent.CreateSessionAsync(cancellationToken)).UseConversation(conversation.Key);
}
