using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Users;

namespace OrleansMemory.Benchmarks.Subjects;

/// <summary>Counts what grains ask of a store, to prove that a read was answered from memory.</summary>
/// <param name="store">The store.</param>
internal sealed class CountingStore(IConversationStore store) : IConversationStore
{
    private long _commits;
    private long _others;

    /// <summary>Turns handed over.</summary>
    public long Commits => Volatile.Read(ref _commits);

    /// <summary>Everything else that is asked for by a grain: loads, reads of messages, look-ups. Sweeps are the silo's own.</summary>
    public long Others => Volatile.Read(ref _others);

    public Task<CommitResult> CommitAsync(TurnCommit commit, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _commits);
        return store.CommitAsync(commit, cancellationToken);
    }

    public Task<StoredConversation> LoadAsync(ConversationKey key, TailBounds tail, CancellationToken cancellationToken) =>
        Counted().LoadAsync(key, tail, cancellationToken);

    public ValueTask<long> ReserveStoreIdAsync(CancellationToken cancellationToken) => Counted().ReserveStoreIdAsync(cancellationToken);

    public Task<JournalledTurn?> FindTurnAsync(long storeId, string turnId, CancellationToken cancellationToken) =>
        Counted().FindTurnAsync(storeId, turnId, cancellationToken);

    public Task<bool> IsGoneAsync(ConversationKey key, string turnId, CancellationToken cancellationToken) =>
        Counted().IsGoneAsync(key, turnId, cancellationToken);

    public Task<bool> IsLifeGoneAsync(ConversationKey key, long storeId, CancellationToken cancellationToken) =>
        Counted().IsLifeGoneAsync(key, storeId, cancellationToken);

    public Task MarkGoneAsync(ConversationKey key, string turnId, DateTimeOffset at, CancellationToken cancellationToken) =>
        Counted().MarkGoneAsync(key, turnId, at, cancellationToken);

    public Task<IReadOnlyList<Message>> ReadMessagesAsync(Lineage lineage, MessageScan scan, CancellationToken cancellationToken) =>
        Counted().ReadMessagesAsync(lineage, scan, cancellationToken);

    public Task<Dictionary<string, long>> FindMessageIdsAsync(
        Lineage lineage,
        long first,
        long last,
        string[] ids,
        CancellationToken cancellationToken
    ) => Counted().FindMessageIdsAsync(lineage, first, last, ids, cancellationToken);

    public Task<IReadOnlyList<ToolTrace>> ReadToolTracesAsync(Lineage lineage, long fromSequence, CancellationToken cancellationToken) =>
        Counted().ReadToolTracesAsync(lineage, fromSequence, cancellationToken);

    public Task<ConversationListing> ListAsync(ListScan scan, CancellationToken cancellationToken) =>
        Counted().ListAsync(scan, cancellationToken);

    public Task<ForkResult> ForkAsync(ForkCommit fork, CancellationToken cancellationToken) => Counted().ForkAsync(fork, cancellationToken);

    public Task<SearchResult?> SearchConversationAsync(ConversationKey key, MessageSearch search, CancellationToken cancellationToken) =>
        Counted().SearchConversationAsync(key, search, cancellationToken);

    public Task<SearchResult> SearchUserAsync(string tenant, string userId, MessageSearch search, CancellationToken cancellationToken) =>
        Counted().SearchUserAsync(tenant, userId, search, cancellationToken);

    public Task<DeleteResult> DeleteAsync(DeleteCommit deletion, CancellationToken cancellationToken) =>
        Counted().DeleteAsync(deletion, cancellationToken);

    public Task BeginImportAsync(ImportCommit import, CancellationToken cancellationToken) =>
        Counted().BeginImportAsync(import, cancellationToken);

    public Task<long> AppendImportAsync(
        ConversationKey key,
        long storeId,
        IReadOnlyList<MessageRow> messages,
        CancellationToken cancellationToken
    ) => Counted().AppendImportAsync(key, storeId, messages, cancellationToken);

    public Task<ImportStatus> CompleteImportAsync(
        ConversationKey key,
        long storeId,
        DateTimeOffset at,
        CancellationToken cancellationToken
    ) => Counted().CompleteImportAsync(key, storeId, at, cancellationToken);

    public Task<SweepResult> SweepAsync(Sweep sweep, CancellationToken cancellationToken) => store.SweepAsync(sweep, cancellationToken);

    public Task<ExpirySweepResult> SweepExpiredAsync(ExpirySweep sweep, CancellationToken cancellationToken) =>
        store.SweepExpiredAsync(sweep, cancellationToken);

    public Task<bool> ExpireAsync(long storeId, DateTimeOffset at, CancellationToken cancellationToken) =>
        Counted().ExpireAsync(storeId, at, cancellationToken);

    public Task<DateTimeOffset> FindErasureFenceAsync(UserKey user, DateTimeOffset at, CancellationToken cancellationToken) =>
        Counted().FindErasureFenceAsync(user, at, cancellationToken);

    public Task<UserErasureStep> EraseUserAsync(UserErasure erasure, CancellationToken cancellationToken) =>
        Counted().EraseUserAsync(erasure, cancellationToken);

    public Task PingAsync(CancellationToken cancellationToken) => Counted().PingAsync(cancellationToken);

    private IConversationStore Counted()
    {
        Interlocked.Increment(ref _others);
        return store;
    }
}
