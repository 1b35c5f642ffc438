using System.Collections.Immutable;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Retries;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client;

/// <summary>
/// A handle to one conversation. Transient failures are retried within the client's bounds; a turn keeps its id across the retries, so
/// it is never written twice. Handles are cheap, may be shared and hold nothing of the conversation.
/// </summary>
/// <remarks>
/// Every method throws <see cref="InvalidRequestException"/> when an argument is not valid and, once the retries are used up,
/// <see cref="MemoryUnavailableException"/> (the store, or every silo, could not be reached in time; what Orleans threw is inside) or
/// <see cref="MemoryOverloadedException"/>. The outcome of a turn is unknown then; committing it again under its id is safe.
/// </remarks>
public sealed partial class Conversation
{
    private readonly ConversationClient _client;
    private readonly IConversationGrain _grain;
    private readonly TransientRetry _retry;
    private readonly TimeProvider _time;

    internal Conversation(ConversationClient client, ConversationKey key, IConversationGrain grain, TransientRetry retry, TimeProvider time)
    {
        _client = client;
        _grain = grain;
        _retry = retry;
        _time = time;
        Key = key;
    }

    /// <summary>Which conversation.</summary>
    public ConversationKey Key { get; }

    /// <summary>How its chat messages are stored.</summary>
    internal ChatMessageFormat Format => _client.Format;

    /// <summary>The grain.</summary>
    internal IConversationGrain Grain => _grain;

    /// <summary>How its calls are repeated.</summary>
    internal TransientRetry Retry => _retry;

    /// <summary>The clock of pauses.</summary>
    internal TimeProvider Time => _time;

    /// <summary>Makes a turn id that no other turn has.</summary>
    /// <returns>The id.</returns>
    public static string NewTurnId() => $"turn_{Guid.NewGuid():N}";

    /// <summary>Commits a turn. It is durable when this returns. A conversation that is not known yet is created.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>The receipt.</returns>
    /// <exception cref="VersionConflictException">The turn named a version, and the conversation has another one.</exception>
    /// <exception cref="ConditionFailedException">The turn has conditions that do not hold.</exception>
    /// <exception cref="TurnConflictException">The turn id was used before with another payload.</exception>
    /// <exception cref="GoneException">The turn was deleted or erased with its conversation, or was on its way when that happened. Nothing
    /// was written.</exception>
    /// <exception cref="PayloadTooLargeException">A message, an entry or the whole turn is over its limit.</exception>
    /// <exception cref="InvalidRequestException">Something of the turn is not valid.</exception>
    /// <example>
    /// <code>
    /// // Everything or nothing, and once however often it is sent.
    /// TurnReceipt receipt = await conversation.CommitAsync(new Turn
    /// {
    ///     TurnId = "order-17",
    ///     Messages = client.Format.ToNewMessages([new ChatMessage(ChatRole.User, "The blue one, please.")]),
    ///     EntryWrites = [new EntryWrite { Space = "cart", Key = "item", Value = "\"blue\"" }],
    /// });
    /// </code>
    /// </example>
    public Task<TurnReceipt> CommitAsync(Turn turn, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(turn);
        WellFormedText.Require(turn);
        return _retry.ExecuteAsync(static (state, token) => state._grain.CommitAsync(state.turn, token), (_grain, turn), cancellationToken);
    }

    /// <summary>Appends one message, as one turn.</summary>
    /// <param name="message">The message.</param>
    /// <param name="turnId">The turn's id; <see langword="null"/> makes a new one.</param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>The receipt.</returns>
    public Task<TurnReceipt> AppendAsync(ChatMessage message, string? turnId = null, CancellationToken cancellationToken = default) =>
        AppendAsync([message], turnId, cancellationToken);

    /// <summary>Appends messages, as one turn.</summary>
    /// <param name="messages">The messages, in order.</param>
    /// <param name="turnId">The turn's id; <see langword="null"/> makes a new one.</param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>The receipt.</returns>
    /// <example>
    /// <code>
    /// ChatResponse response = await model.GetResponseAsync("Where to?");
    /// await conversation.AppendAsync([new ChatMessage(ChatRole.User, "Where to?"), .. response.Messages], turnId: "request-1");
    /// </code>
    /// </example>
    public Task<TurnReceipt> AppendAsync(
        IEnumerable<ChatMessage> messages,
        string? turnId = null,
        CancellationToken cancellationToken = default
    )
    {
        ImmutableArray<NewMessage> appended = _client.Format.ToNewMessages(messages);
        return CommitAsync(new Turn { TurnId = turnId ?? NewTurnId(), Messages = appended }, cancellationToken);
    }

    /// <summary>Reads the head: settings and counters.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The head; <see langword="null"/> when there is no such conversation or it has expired.</returns>
    public Task<Head?> GetHeadAsync(CancellationToken cancellationToken = default) =>
        _retry.ExecuteAsync(static (grain, token) => grain.GetHeadAsync(token), _grain, cancellationToken);

    /// <summary>Reads the head and all live entries of one version.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Both of them; <see langword="null"/> when there is no such conversation or it has expired.</returns>
    public Task<ConversationSnapshot?> GetSnapshotAsync(CancellationToken cancellationToken = default) =>
        _retry.ExecuteAsync(static (grain, token) => grain.GetSnapshotAsync(token), _grain, cancellationToken);

    /// <summary>Changes settings, as one turn.</summary>
    /// <param name="change">Which settings, and their new values.</param>
    /// <param name="turnId">The turn's id; <see langword="null"/> makes a new one.</param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>The receipt.</returns>
    public Task<TurnReceipt> SetSettingsAsync(SettingsChange change, string? turnId = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return CommitAsync(new Turn { TurnId = turnId ?? NewTurnId(), Settings = change }, cancellationToken);
    }
}
