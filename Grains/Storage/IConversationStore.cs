using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Users;

namespace OrleansMemory.Grains.Storage;

/// <summary>
/// Where conversations are durable. Every provider keeps this page; <c>Tests/Contracts</c> checks it against each of them.
/// </summary>
/// <remarks>
/// <para><b>Lives.</b> A conversation is addressed by its key and lives under a store id. A new life of the same key (after a deletion or
/// an expiry) has a new store id, so that nothing of the old life, its turn ids included, can leak into it.</para>
/// <para><b>Order.</b> Turns of one store id commit in the order in which <see cref="CommitAsync"/> was called, each expecting the version
/// that the one before produces; the caller need not wait in between. When one does not commit, none of the later ones of its
/// <see cref="CommitChain"/> does: they are answered with <see cref="CommitStatus.Lost"/>.</para>
/// <para><b>Conflicts.</b> The expected version is checked in the statement that writes. A turn that does not find it writes nothing and is
/// answered with <see cref="CommitStatus.Lost"/>: the caller loads again and decides again.</para>
/// <para><b>Idempotency.</b> A turn id that this life has committed before writes nothing and is answered with
/// <see cref="CommitStatus.Replayed"/> (same hash) or <see cref="CommitStatus.TurnConflict"/>. Turn ids are forgotten by
/// <see cref="SweepAsync"/> only.</para>
/// <para><b>Gone.</b> Of the turns that went with a deletion or an erasure (not of those of a life that merely expired) the store knows the
/// ids, as hashes, until <see cref="SweepAsync"/> forgets them: <see cref="IsGoneAsync"/>. No one begins a life of the same key without
/// knowing that there are some.</para>
/// <para><b>Atomicity.</b> Messages, entries, head and turn id of a turn become durable together, before the call returns.</para>
/// <para><b>Failures.</b> <see cref="MemoryUnavailableException"/> leaves the outcome of a write unknown: load again before trusting
/// memory, and offer the same turn id again. <see cref="MemoryOverloadedException"/> is thrown at once and means that nothing was taken. A
/// cancelled call leaves the outcome unknown as well. Nothing else is thrown for valid input.</para>
/// <para><b>Time.</b> The store has no clock: instants come with the call. It returns expired conversations and entries; the caller hides
/// them. Only lists leave expired conversations out. The instant of a conversation's newest turn never goes back, even where that of a
/// later call does.</para>
/// <para>
/// <b>Retention and personal data.</b> Content is kept as given until it is truncated, deleted or swept; nothing is redacted or encrypted
/// here.
/// </para>
/// </remarks>
internal interface IConversationStore
{
    /// <summary>Reads head, entries and the newest messages, as of one version.</summary>
    /// <param name="tail">How much of the log's end to read.</param>
    /// <returns>What is stored; for an unknown key no head, and a store id reserved for its first life.</returns>
    Task<StoredConversation> LoadAsync(ConversationKey key, TailBounds tail, CancellationToken cancellationToken);

    /// <summary>Reserves a store id for a new life.</summary>
    /// <returns>An id that was never used.</returns>
    ValueTask<long> ReserveStoreIdAsync(CancellationToken cancellationToken);

    /// <summary>Writes one decided turn.</summary>
    /// <returns>What became of it.</returns>
    Task<CommitResult> CommitAsync(TurnCommit commit, CancellationToken cancellationToken);

    /// <summary>Asks what the journal knows of a turn id.</summary>
    /// <param name="storeId">The life.</param>
    /// <returns>The turn; <see langword="null"/> when this life has not committed it, or it has been forgotten.</returns>
    Task<JournalledTurn?> FindTurnAsync(long storeId, string turnId, CancellationToken cancellationToken);

    /// <summary>
    /// Asks whether a turn was deleted or erased with its conversation, or was on its way when that happened (<see cref="MarkGoneAsync"/>).
    /// </summary>
    /// <returns>Whether it must not be written again; <see langword="false"/> when that has been forgotten.</returns>
    Task<bool> IsGoneAsync(ConversationKey key, string turnId, CancellationToken cancellationToken);

    /// <summary>Asks whether a life was deleted or erased; one that merely expired was not.</summary>
    /// <returns>Whether it was; <see langword="false"/> when that has been forgotten.</returns>
    Task<bool> IsLifeGoneAsync(ConversationKey key, long storeId, CancellationToken cancellationToken);

    /// <summary>Has a turn that was on its way when its conversation was deleted or erased known as gone, too.</summary>
    /// <param name="at">The instant.</param>
    /// <returns>A task that ends when it is durable.</returns>
    Task MarkGoneAsync(ConversationKey key, string turnId, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Reads messages through the lineage, bounded by the scan's limits.</summary>
    /// <returns>
    /// The messages in the scan's order; fewer than the limit when the bytes ran out (at least one when any matches) or nothing is left.
    /// </returns>
    Task<IReadOnlyList<Message>> ReadMessagesAsync(Lineage lineage, MessageScan scan, CancellationToken cancellationToken);

    /// <summary>
    /// Asks where a part of a log holds message ids. The cost depends on the ids that are asked for, not on the length of the log.
    /// </summary>
    /// <param name="lineage">Whose messages.</param>
    /// <param name="first">The first sequence to look at.</param>
    /// <param name="last">The last sequence to look at.</param>
    /// <returns>Those ids that at least one message has, each with the sequence of the newest one.</returns>
    Task<Dictionary<string, long>> FindMessageIdsAsync(
        Lineage lineage,
        long first,
        long last,
        string[] ids,
        CancellationToken cancellationToken
    );

    /// <summary>Reads which messages call tools and which hold results, in ascending order.</summary>
    /// <param name="fromSequence">The first sequence to look at.</param>
    Task<IReadOnlyList<ToolTrace>> ReadToolTracesAsync(Lineage lineage, long fromSequence, CancellationToken cancellationToken);

    /// <summary>
    /// Lists live conversations by the instant of their newest turn, then by store id, both descending. A walk through the pages shows
    /// every conversation that was durable at its first page exactly once, where it stood then, whatever turns come in between, save for
    /// those that were deleted, have expired or do not match any more. What came later is shown once or not at all.
    /// </summary>
    /// <param name="scan">Which conversations, and where to go on.</param>
    /// <returns>The page, with the heads as they are now; fewer than the limit when nothing is left.</returns>
    /// <exception cref="InvalidRequestException">The mark is not one of this store.</exception>
    Task<ConversationListing> ListAsync(ListScan scan, CancellationToken cancellationToken);

    /// <summary>
    /// Looks for messages in the log of one live conversation, newest first by sequence: in the texts of their contents, as
    /// <c>Grains/Text</c> reads and compares them. It sees every turn that was durable when it began, and no message that was truncated.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait; what has been indexed by then stays so.</param>
    /// <returns>
    /// What was found; <see langword="null"/> when there is no such conversation, or it has expired at the instant of the search.
    /// </returns>
    Task<SearchResult?> SearchConversationAsync(ConversationKey key, MessageSearch search, CancellationToken cancellationToken);

    /// <summary>
    /// Looks for messages in all live conversations of a user, newest first by <see cref="SearchPosition"/>. A message that several of them
    /// share is found once; see <see cref="SearchScope"/>.
    /// </summary>
    /// <param name="userId">The user whom the settings of the conversations name.</param>
    /// <param name="cancellationToken">Ends the wait; what has been indexed by then stays so.</param>
    Task<SearchResult> SearchUserAsync(string tenant, string userId, MessageSearch search, CancellationToken cancellationToken);

    /// <summary>Makes a fork: a head that points to its parent, and copies of the live entries.</summary>
    /// <param name="fork">The decided fork.</param>
    /// <returns>What became of it.</returns>
    Task<ForkResult> ForkAsync(ForkCommit fork, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes the current life of a conversation: messages, entries, turn ids, head. Forks stay whole: what they read of the log is kept
    /// under no name, until none of them reads it any more or its user is erased. A deletion that cuts forks removes that too: they keep
    /// what they added and lose what they shared, entries that they copied and have not written since included; their version goes up by
    /// one. That is no turn of theirs: the instant of their newest turn stays. Rows of expired lives of that key, and what earlier
    /// deletions kept, are treated alike and counted, but such a life did not exist any more. An expected version or life is compared in
    /// the step that removes: where the life that was expected is gone, or has another version, nothing at all is removed.
    /// </summary>
    /// <returns>What was removed, and the keys of the forks that were cut.</returns>
    Task<DeleteResult> DeleteAsync(DeleteCommit deletion, CancellationToken cancellationToken);

    /// <summary>Opens an import: a life that no read sees until it is completed.</summary>
    /// <param name="import">The decided import.</param>
    /// <returns>A task that ends when it is durable.</returns>
    Task BeginImportAsync(ImportCommit import, CancellationToken cancellationToken);

    /// <summary>Adds messages to an import. A chunk that is there already is skipped.</summary>
    /// <param name="storeId">The import's store id.</param>
    /// <param name="messages">The next messages, without gaps.</param>
    /// <returns>How far the import has got; nothing was written when that is neither before nor at the chunk's end.</returns>
    /// <exception cref="ImportNotFoundException">No such import is open.</exception>
    /// <exception cref="InvalidRequestException">The chunk goes beyond what the import announced; nothing was written.</exception>
    Task<long> AppendImportAsync(
        ConversationKey key,
        long storeId,
        IReadOnlyList<MessageRow> messages,
        CancellationToken cancellationToken
    );

    /// <summary>Publishes an import as version 1 of the conversation, in place of an expired life where there is one.</summary>
    /// <param name="storeId">The import's store id.</param>
    /// <param name="at">The instant of the import, from which a time to live runs.</param>
    /// <returns>What became of it.</returns>
    /// <exception cref="ImportNotFoundException">No such import is open, or what became of it has been replaced or deleted.</exception>
    Task<ImportStatus> CompleteImportAsync(ConversationKey key, long storeId, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>
    /// Removes, up to a bound, what can no longer be read: turn ids and abandoned imports older than given, truncated messages that no fork
    /// shares, and lives that a newer one has replaced.
    /// </summary>
    /// <param name="sweep">The instants and the bound.</param>
    /// <returns>How much was removed; call again while it reached the bound.</returns>
    Task<SweepResult> SweepAsync(Sweep sweep, CancellationToken cancellationToken);

    /// <summary>
    /// Removes, up to a bound, what of one share of the wheel is over at an instant: conversations with all their rows, and entries. What
    /// was touched meanwhile stays: the expiry is checked in the step that takes it. Conversations that forks share, or that have very many
    /// rows, only lose their key here; <see cref="SweepAsync"/> removes their rows.
    /// </summary>
    /// <returns>How much was removed, and whether there may be more.</returns>
    Task<ExpirySweepResult> SweepExpiredAsync(ExpirySweep sweep, CancellationToken cancellationToken);

    /// <summary>Removes one life as <see cref="SweepExpiredAsync"/> does, if it is over at an instant and is not being written.</summary>
    /// <returns>Whether it was removed.</returns>
    Task<bool> ExpireAsync(long storeId, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Asks up to which beginning lives of a user must be erased so that none that is there now is left out.</summary>
    /// <param name="at">The instant of the erasure.</param>
    /// <returns>That instant, or the beginning of the user's newest life where that is later, by another host's clock.</returns>
    Task<DateTimeOffset> FindErasureFenceAsync(UserKey user, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>
    /// Erases, up to a bound, lives whose user id is the given one and that began up to an instant: as <see cref="DeleteAsync"/> does,
    /// imports and lives that were replaced or deleted included. Forks of them that are the same user's go with them; those of others lose
    /// what they shared, entries that they copied and have not written since included.
    /// </summary>
    /// <returns>What was removed; call again until no life is.</returns>
    Task<UserErasureStep> EraseUserAsync(UserErasure erasure, CancellationToken cancellationToken);

    /// <summary>Asks whether the store answers.</summary>
    Task PingAsync(CancellationToken cancellationToken);
}
