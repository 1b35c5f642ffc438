using System.Collections.Immutable;
using OrleansMemory.Errors;

namespace OrleansMemory.Conversations;

/// <summary>
/// One conversation: its messages, its entries and its settings. The grain's key is <see cref="ConversationKey.ToString"/>.
/// </summary>
/// <remarks>
/// Every method throws <see cref="InvalidRequestException"/> when the key or an argument is not valid,
/// <see cref="MemoryUnavailableException"/> when the store cannot be reached, and, where it reads something of a conversation that does
/// not exist or has expired, <see cref="ConversationNotFoundException"/>. Cancelling a call stops the wait, not a turn that is already
/// on its way: ask again with the same turn id to learn what became of it.
/// </remarks>
[Alias("OrleansMemory.IConversationGrain")]
public interface IConversationGrain : IGrainWithStringKey
{
    /// <summary>Commits a turn. It is durable when this returns. A conversation that is not known yet is created.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The receipt; the first one when the turn id was committed before with the same payload.</returns>
    /// <exception cref="VersionConflictException">The turn named a version, and the conversation has another one.</exception>
    /// <exception cref="ConditionFailedException">The turn has conditions that do not hold.</exception>
    /// <exception cref="TurnConflictException">The turn id was used before with another payload.</exception>
    /// <exception cref="GoneException">The turn was deleted or erased with its conversation, or was on its way when that happened. Nothing
    /// was written.</exception>
    /// <exception cref="PayloadTooLargeException">A message, an entry or the whole turn is over its limit.</exception>
    /// <exception cref="MemoryOverloadedException">Too many turns wait to be written.</exception>
    [Alias("Commit")]
    Task<TurnReceipt> CommitAsync(Turn turn, CancellationToken cancellationToken = default);

    /// <summary>Asks what became of a turn, without committing anything. A turn that is on its way is waited for.</summary>
    /// <param name="turnId">The turn's id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// The turn's receipt, marked as replayed; <see langword="null"/> when it has not been committed, when its id has been forgotten, or
    /// when there is no such conversation.
    /// </returns>
    [Alias("GetTurn")]
    Task<TurnReceipt?> GetTurnAsync(string turnId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Asks what a turn may hold, so that what is too large can be told before it is paid for. The conversation need not exist.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The limits as they are now; they may change at any time.</returns>
    [Alias("GetLimits")]
    Task<TurnLimits> GetLimitsAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads the head.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The head; <see langword="null"/> when there is no such conversation or it has expired.</returns>
    [Alias("GetHead")]
    Task<Head?> GetHeadAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads the head and all live entries of one version.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Both of them; <see langword="null"/> when there is no such conversation or it has expired.</returns>
    [Alias("GetSnapshot")]
    Task<ConversationSnapshot?> GetSnapshotAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads a page of messages. The newest part of the log is answered from memory.</summary>
    /// <param name="query">Which messages, and in which order.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The page.</returns>
    [Alias("GetMessages")]
    Task<MessagePage> GetMessagesAsync(MessageQuery query, CancellationToken cancellationToken = default);

    /// <summary>Reads the newest message of an id. The cost does not depend on the length of the log.</summary>
    /// <param name="messageId">The id, 1 to 256 bytes of UTF-8. It is compared exactly.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// The message; <see langword="null"/> when no message in the log has the id, what the log shares with a parent included.
    /// </returns>
    [Alias("FindMessage")]
    Task<Message?> FindMessageAsync(string messageId, CancellationToken cancellationToken = default);

    /// <summary>Reads messages as a stream, as of the version at its start: what is appended later is not part of it.</summary>
    /// <param name="query">Which messages, and in which order.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <returns>The messages, read page by page while they are consumed.</returns>
    [Alias("StreamMessages")]
    IAsyncEnumerable<Message> StreamMessagesAsync(MessageQuery query, CancellationToken cancellationToken = default);

    /// <summary>
    /// Follows the log: what lies behind the position, then what comes, until the conversation is deleted or expires. Only what is durable
    /// is seen. The feed is pulled: nothing is kept for a reader that does not read.
    /// </summary>
    /// <param name="request">From where.</param>
    /// <param name="cancellationToken">Ends the feed.</param>
    /// <returns>
    /// The events, the first one <see cref="ConversationEventKind.Opened"/>. When the activation ends before the conversation does, the
    /// enumeration is aborted; open it again behind the last event.
    /// </returns>
    [Alias("Watch")]
    IAsyncEnumerable<ConversationEvent> WatchAsync(WatchRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Looks for messages in the log. It sees every turn that was durable when it began. The first search of messages that were not
    /// searched before indexes them, which takes longer than the searches after it; an interrupted one goes on where it was when it is
    /// repeated.
    /// </summary>
    /// <param name="query">What to look for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The page, newest first by sequence.</returns>
    [Alias("Search")]
    Task<MessageSearchPage> SearchAsync(MessageSearchQuery query, CancellationToken cancellationToken = default);

    /// <summary>Reads one entry.</summary>
    /// <param name="space">Its space.</param>
    /// <param name="key">Its key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The entry; <see langword="null"/> when it does not exist or has expired.</returns>
    [Alias("GetEntry")]
    Task<Entry?> GetEntryAsync(string space, string key, CancellationToken cancellationToken = default);

    /// <summary>Reads the live entries of a space.</summary>
    /// <param name="space">The space; <see langword="null"/> for every space.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The entries, ordered by space and key, ordinally.</returns>
    [Alias("GetEntries")]
    Task<ImmutableArray<Entry>> GetEntriesAsync(string? space, CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes a new conversation that shares this one's log up to a sequence. The cost does not depend on the log's length.
    /// </summary>
    /// <param name="request">The fork's id and the sequence.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The head of the fork.</returns>
    /// <exception cref="ConversationExistsException">A conversation of the new id exists and is not this fork.</exception>
    [Alias("Fork")]
    Task<Head> ForkAsync(ForkRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes the conversation: its messages, entries and turn ids, also where forks share them. Deleting an unknown one is no error.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What was removed.</returns>
    [Alias("Delete")]
    Task<DeleteReceipt> DeleteAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes the conversation as the other overload does, but only the one that the caller saw. What is gone already stays as it is:
    /// asking again changes nothing, also when another conversation has begun under the same id meanwhile.
    /// </summary>
    /// <param name="request">What the caller saw.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What was removed; that nothing existed when the conversation that was seen is gone.</returns>
    /// <exception cref="VersionConflictException">
    /// The conversation has another version than the expected one. Nothing was removed.
    /// </exception>
    [Alias("DeleteExpected")]
    Task<DeleteReceipt> DeleteAsync(DeleteRequest request, CancellationToken cancellationToken = default);

    /// <summary>Starts an import into this conversation, which must not exist.</summary>
    /// <param name="start">Settings, entries and the range of sequences to come.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The id of the import. An import that is not completed within a day is dropped.</returns>
    /// <exception cref="ConversationExistsException">The conversation exists.</exception>
    [Alias("BeginImport")]
    Task<string> BeginImportAsync(ImportStart start, CancellationToken cancellationToken = default);

    /// <summary>Adds the next messages of an import. Sending the same chunk again is no error.</summary>
    /// <param name="importId">The id of the import.</param>
    /// <param name="messages">The next messages, in order and without gaps.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when they are stored.</returns>
    /// <exception cref="ImportNotFoundException">No such import is open.</exception>
    [Alias("AppendImport")]
    Task AppendImportAsync(string importId, ImmutableArray<Message> messages, CancellationToken cancellationToken = default);

    /// <summary>Ends an import: the conversation exists from now on, at version 1.</summary>
    /// <param name="importId">The id of the import.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The head of the imported conversation; the same one when asked again.</returns>
    /// <exception cref="ImportNotFoundException">No such import is open.</exception>
    /// <exception cref="ConversationExistsException">The conversation has been created in the meantime.</exception>
    [Alias("CompleteImport")]
    Task<Head> CompleteImportAsync(string importId, CancellationToken cancellationToken = default);

    /// <summary>Forgets what the activation holds in memory; the next call reads the store. Nothing durable changes.</summary>
    /// <returns>A task that ends when it is forgotten.</returns>
    [Alias("Refresh")]
    Task RefreshAsync();
}
