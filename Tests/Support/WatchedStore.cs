using System.Collections.Concurrent;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Users;

namespace OrleansMemory.Tests.Support;

/// <summary>Passes everything on to a store, and lets a test see what was asked and step in between.</summary>
internal sealed class WatchedStore(IConversationStore inner) : IConversationStore
{
    private readonly ConcurrentDictionary<string, int> _calls = new();

    /// <summary>Runs before a turn is handed on.</summary>
    public Func<TurnCommit, Task> BeforeCommit { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs when a turn is durable, before that is answered.</summary>
    public Func<TurnCommit, Task> AfterCommit { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs before a turn id is looked for.</summary>
    public Func<Task> BeforeFindTurn { get; set; } = () => Task.CompletedTask;

    /// <summary>Runs before message ids are looked for.</summary>
    public Func<string[], Task> BeforeFindIds { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs before a conversation is loaded.</summary>
    public Func<Task> BeforeLoad { get; set; } = () => Task.CompletedTask;

    /// <summary>Runs before a fork is handed on.</summary>
    public Func<Task> BeforeFork { get; set; } = () => Task.CompletedTask;

    /// <summary>Runs when a deletion is durable, before it is answered.</summary>
    public Func<Task> AfterDelete { get; set; } = () => Task.CompletedTask;

    /// <summary>Completes with the first sweep that has ended.</summary>
    public TaskCompletionSource<SweepResult> Swept { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the first sweep that has removed something.</summary>
    public TaskCompletionSource<SweepResult> Removed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the first life that was to be removed because its time is over.</summary>
    public TaskCompletionSource<bool> Expired { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How often a method was called.</summary>
    public int Calls(string method) => _calls.GetValueOrDefault(method);

    /// <summary>How often something was read.</summary>
    public int Reads =>
        Calls(nameof(LoadAsync)) + Calls(nameof(ReadMessagesAsync)) + Calls(nameof(ReadToolTracesAsync)) + Calls(nameof(FindTurnAsync));

    public Task<bool> IsGoneAsync(ConversationKey key, string turnId, CancellationToken cancellationToken) =>
        Counted(nameof(IsGoneAsync)).IsGoneAsync(key, turnId, cancellationToken);

    public Task<bool> IsLifeGoneAsync(ConversationKey key, long storeId, CancellationToken cancellationToken) =>
        Counted(nameof(IsLifeGoneAsync)).IsLifeGoneAsync(key, storeId, cancellationToken);

    public Task MarkGoneAsync(ConversationKey key, string turnId, DateTimeOffset at, CancellationToken cancellationToken) =>
        Counted(nameof(MarkGoneAsync)).MarkGoneAsync(key, turnId, at, cancellationToken);

    public async Task<StoredConversation> LoadAsync(ConversationKey key, TailBounds tail, CancellationToken cancellationToken)
    {
        await BeforeLoad();
        return await Counted(nameof(LoadAsync)).LoadAsync(key, tail, cancellationToken);
    }

    public ValueTask<long> ReserveStoreIdAsync(CancellationToken cancellationToken) =>
        Counted(nameof(ReserveStoreIdAsync)).ReserveStoreIdAsync(cancellationToken);

    public async Task<CommitResult> CommitAsync(TurnCommit commit, CancellationToken cancellationToken)
    {
        await BeforeCommit(commit);
        CommitResult result = await Counted(nameof(CommitAsync)).CommitAsync(commit, cancellationToken);
        await AfterCommit(commit);
        return result;
    }

    public async Task<JournalledTurn?> FindTurnAsync(long storeId, string turnId, CancellationToken cancellationToken)
    {
        await BeforeFindTurn();
        return await Counted(nameof(FindTurnAsync)).FindTurnAsync(storeId, turnId, cancellationToken);
    }

    public Task<IReadOnlyList<Message>> ReadMessagesAsync(Lineage lineage, MessageScan scan, CancellationToken cancellationToken) =>
        Counted(nameof(ReadMessagesAsync)).ReadMessagesAsync(lineage, scan, cancellationToken);

    public async Task<Dictionary<string, long>> FindMessageIdsAsync(
        Lineage lineage,
        long first,
        long last,
        string[] ids,
        CancellationToken cancellationToken
    )
    {
        await BeforeFindIds(ids);
        return await Counted(nameof(FindMessageIdsAsync)).FindMessageIdsAsync(lineage, first, last, ids, cancellationToken);
    }

    public Task<IReadOnlyList<ToolTrace>> ReadToolTracesAsync(Lineage lineage, long fromSequence, CancellationToken cancellationToken) =>
        Counted(nameof(ReadToolTracesAsync)).ReadToolTracesAsync(lineage, fromSequence, cancellationToken);

    public Task<ConversationListing> ListAsync(ListScan scan, CancellationToken cancellationToken) =>
        Counted(nameof(ListAsync)).ListAsync(scan, cancellationToken);

    public Task<SearchResult?> SearchConversationAsync(ConversationKey key, MessageSearch search, CancellationToken cancellationToken) =>
        Counted(nameof(SearchConversationAsync)).SearchConversationAsync(key, search, cancellationToken);

    public Task<SearchResult> SearchUserAsync(string tenant, string userId, MessageSearch search, CancellationToken cancellationToken) =>
        Counted(nameof(SearchUserAsync)).SearchUserAsync(tenant, userId, search, cancellationToken);

    public async Task<ForkResult> ForkAsync(ForkCommit fork, CancellationToken cancellationToken)
    {
        await BeforeFork();
        return await Counted(nameof(ForkAsync)).ForkAsync(fork, cancellationToken);
    }

    public async Task<DeleteResult> DeleteAsync(DeleteCommit deletion, CancellationToken cancellationToken)
    {
        DeleteResult result = await Counted(nameof(DeleteAsync)).DeleteAsync(deletion, cancellationToken);
        await AfterDelete();
        return result;
    }

    public Task BeginImportAsync(ImportCommit import, CancellationToken cancellationToken) =>
        Counted(nameof(BeginImportAsync)).BeginImportAsync(import, cancellationToken);

    public Task<long> AppendImportAsync(
        ConversationKey key,
        long storeId,
        IReadOnlyList<MessageRow> messages,
        CancellationToken cancellationToken
    ) => Counted(nameof(AppendImportAsync)).AppendImportAsync(key, storeId, messages, cancellationToken);

    public Task<ImportStatus> CompleteImportAsync(
        ConversationKey key,
        long storeId,
        DateTimeOffset at,
        CancellationToken cancellationToken
    ) => Counted(nameof(CompleteImportAsync)).CompleteImportAsync(key, storeId, at, cancellationToken);

    public async Task<SweepResult> SweepAsync(Sweep sweep, CancellationToken cancellationToken)
    {
        SweepResult result = await Counted(nameof(SweepAsync)).SweepAsync(sweep, cancellationToken);
        Swept.TrySetResult(result);
        if (result != default)
        {
            Removed.TrySetResult(result);
        }

        return result;
    }

    public Task<ExpirySweepResult> SweepExpiredAsync(ExpirySweep sweep, CancellationToken cancellationToken) =>
        Counted(nameof(SweepExpiredAsync)).SweepExpiredAsync(sweep, cancellationToken);

    public async Task<bool> ExpireAsync(long storeId, DateTimeOffset at, CancellationToken cancellationToken)
    {
        bool expired = await Counted(nameof(ExpireAsync)).ExpireAsync(storeId, at, cancellationToken);
        Expired.TrySetResult(expired);
        return expired;
    }

    public Task<DateTimeOffset> FindErasureFenceAsync(UserKey user, DateTimeOffset at, CancellationToken cancellationToken) =>
        Counted(nameof(FindErasureFenceAsync)).FindErasureFenceAsync(user, at, cancellationToken);

    public Task<UserErasureStep> EraseUserAsync(UserErasure erasure, CancellationToken cancellationToken) =>
        Counted(nameof(EraseUserAsync)).EraseUserAsync(erasure, cancellationToken);

    public Task PingAsync(CancellationToken cancellationToken) => Counted(nameof(PingAsync)).PingAsync(cancellationToken);

    private IConversationStore Counted(string method)
    {
        _calls.AddOrUpdate(method, 1, (_, count) => count + 1);
        return inner;
    }
}
