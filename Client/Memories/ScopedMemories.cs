using System.Collections.Immutable;
using OrleansMemory.Client.Retries;
using OrleansMemory.Errors;
using OrleansMemory.Memories;

namespace OrleansMemory.Client.Memories;

/// <summary>
/// A handle to the long-term memories of one scope. It shows every memory that has all of the scope's names, whoever recorded it, and
/// reaches no other, also not by id. Transient failures are retried within the client's bounds; a recording keeps its key across the
/// retries, so it is never stored twice. Handles are cheap, may be shared and hold no memories.
/// </summary>
/// <remarks>
/// Every method throws <see cref="InvalidRequestException"/> when an argument is not valid and, once the retries are used up, <see
/// cref="MemoryUnavailableException"/>
/// (the store, or every silo, could not be reached in time; what Orleans threw is inside) or <see cref="MemoryOverloadedException"/>. The
/// outcome of a recording is unknown then; recording again under its key is safe. Memories are kept until they are deleted or expire, and
/// are neither redacted nor encrypted. Their texts were written by users and models: treat them as untrusted, and give them to a model by
/// <see cref="MemoryFence"/>.
/// </remarks>
public sealed partial class ScopedMemories
{
    private readonly IMemoryGrain _grain;
    private readonly TenantMemories _tenant;
    private readonly TransientRetry _retry;

    internal ScopedMemories(MemoryScope scope, IMemoryGrain grain, TenantMemories tenant, TransientRetry retry)
    {
        Scope = scope;
        _grain = grain;
        _tenant = tenant;
        _retry = retry;
    }

    /// <summary>Whose memories.</summary>
    public MemoryScope Scope { get; }

    /// <summary>Makes a key that no other recording has.</summary>
    /// <returns>The key.</returns>
    public static string NewKey() => $"record_{Guid.NewGuid():N}";

    /// <summary>
    /// Records memories, all of them or none. They are durable, and every scope that shares them recalls them, when this returns. In their
    /// texts U+FFFD takes the place of U+0000 and of surrogates without a partner, which no store can hold; the same is so for every way by
    /// which memories come.
    /// </summary>
    /// <param name="request">What to record; without a key it gets a new one.</param>
    /// <param name="cancellationToken">Ends the wait, not a recording that is already on its way.</param>
    /// <returns>The ids.</returns>
    /// <exception cref="RecordConflictException">The key was used before with other memories.</exception>
    /// <exception cref="PayloadTooLargeException">There are too many memories for one recording, or one is larger than allowed.</exception>
    public Task<RecordReceipt> RecordAsync(RecordRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request = StorableText.Clean(request);
        WellFormedText.Require(request);
        RecordRequest keyed = request.Key is null ? request with { Key = NewKey() } : request;
        return _retry.ExecuteAsync(
            static (state, token) => state._grain.RecordAsync(state.keyed, token),
            (_grain, keyed),
            cancellationToken
        );
    }

    /// <summary>Records one text as a fact; see <see cref="RecordAsync(RecordRequest, CancellationToken)"/>.</summary>
    /// <param name="text">What is worth knowing, in one sentence or a few; not empty.</param>
    /// <param name="key">The recording's key, under which it may be sent again; <see langword="null"/> makes a new one.</param>
    /// <param name="timeToLive">How long it is kept; <see langword="null"/> for the silo's default.</param>
    /// <param name="cancellationToken">Ends the wait, not a recording that is already on its way.</param>
    /// <returns>The id of the memory.</returns>
    /// <exception cref="RecordConflictException">The key was used before with another text.</exception>
    /// <exception cref="PayloadTooLargeException">The text is larger than allowed.</exception>
    public Task<RecordReceipt> RecordTextAsync(
        string text,
        string? key = null,
        TimeSpan? timeToLive = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(text);
        NewMemory fact = new() { Kind = MemoryKind.Fact, Text = text };
        return RecordAsync(
            new RecordRequest
            {
                Memories = [fact],
                Key = key,
                TimeToLive = timeToLive,
            },
            cancellationToken
        );
    }

    /// <summary>Finds the memories that answer a question best; see <see cref="RecallAsync(RecallRequest, CancellationToken)"/>.</summary>
    /// <param name="query">What to look for, in plain words; 1 byte to 64 KiB of UTF-8, not only white space.</param>
    /// <param name="limit">How many memories at most, 1 to 1,000; <see langword="null"/> for 10.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The memories, the best first.</returns>
    public Task<RecallResult> RecallAsync(string query, int? limit = null, CancellationToken cancellationToken = default) =>
        RecallAsync(new RecallRequest { Query = query, Limit = limit }, cancellationToken);

    /// <summary>Finds the memories that answer a question best. It sees all that was durable when it began.</summary>
    /// <param name="request">The question.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The memories, the best first; none when nothing matches or the scope is unknown.</returns>
    /// <exception cref="PayloadTooLargeException">The question is too long.</exception>
    /// <example>
    /// <code>
    /// var request = new RecallRequest { Query = "Which flights does Ada take?", Limit = 5 };
    /// RecallResult result = await client.Memories(user: "ada").RecallAsync(request);
    /// </code>
    /// </example>
    public Task<RecallResult> RecallAsync(RecallRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request = request with { Query = StorableText.WellFormed(request.Query) };
        WellFormedText.Require(request);
        return _retry.ExecuteAsync(
            static (state, token) => state._grain.RecallAsync(state.request, token),
            (_grain, request),
            cancellationToken
        );
    }

    /// <summary>Lists memories of the scope, the one recorded last first.</summary>
    /// <param name="query">
    /// Which memories, and where to go on; <see langword="null"/> for the newest of all. Names that the scope leaves open may narrow it.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A page.</returns>
    /// <exception cref="InvalidRequestException">
    /// The query names another agent, user or session than the scope, or is not valid.
    /// </exception>
    public Task<MemoryPage> ListAsync(MemoryListQuery? query = null, CancellationToken cancellationToken = default) =>
        _tenant.ListAsync(Narrow(query), cancellationToken);

    /// <summary>Walks through all pages of a list; see <see cref="ListAsync"/>. They are read while the memories are consumed.</summary>
    /// <param name="query">
    /// Which memories; <see langword="null"/> for all of the scope. Its limit is the size of a page, its cursor where to start.
    /// </param>
    /// <param name="cancellationToken">Ends the walk.</param>
    /// <returns>The memories, each as it is when its page is read.</returns>
    /// <exception cref="InvalidRequestException">
    /// The query names another agent, user or session than the scope, or is not valid.
    /// </exception>
    public IAsyncEnumerable<MemoryFact> ListAllAsync(MemoryListQuery? query = null, CancellationToken cancellationToken = default) =>
        _tenant.ListAllAsync(Narrow(query), cancellationToken);

    /// <summary>Reads one memory of the scope.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The memory; <see langword="null"/> when the scope has none of this id, or it has expired or been retired.</returns>
    public async Task<MemoryFact?> GetAsync(string id, CancellationToken cancellationToken = default) =>
        await _tenant.GetAsync(id, cancellationToken) is { } memory && Has(memory) ? memory : null;

    /// <summary>Changes one memory of the scope; see <see cref="TenantMemories.UpdateAsync"/>.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="update">What changes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The memory as it is now.</returns>
    /// <exception cref="MemoryNotFoundException">The scope has no such memory.</exception>
    /// <exception cref="MemoryChangedException">
    /// It does not have the expected version; see <see cref="TenantMemories.UpdateAsync"/>.
    /// </exception>
    /// <exception cref="PayloadTooLargeException">The text or the metadata is larger than allowed.</exception>
    public async Task<MemoryFact> UpdateAsync(string id, MemoryUpdate update, CancellationToken cancellationToken = default)
    {
        // A memory never changes its names, so what is the scope's now still is when it is changed.
        _ = await GetAsync(id, cancellationToken) ?? throw new MemoryNotFoundException(id);
        return await _tenant.UpdateAsync(id, update, cancellationToken);
    }

    /// <summary>Deletes one memory of the scope, with its history.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// Whether the scope had one. After a retry it may say that there was none, because the attempt before had deleted it.
    /// </returns>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken = default) =>
        await GetAsync(id, cancellationToken) is not null && await _tenant.DeleteAsync(id, cancellationToken);

    /// <summary>
    /// Reads what happened to a memory of the scope. That of a retired one is at <see cref="TenantMemories.GetHistoryAsync"/>.
    /// </summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The newest 1,000 events, the oldest first; none when the scope has no such memory.</returns>
    public async Task<ImmutableArray<MemoryEvent>> GetHistoryAsync(string id, CancellationToken cancellationToken = default) =>
        await GetAsync(id, cancellationToken) is null ? [] : await _tenant.GetHistoryAsync(id, cancellationToken);

    /// <summary>Deletes every memory of the scope, with its history.</summary>
    /// <param name="cancellationToken">Ends the work between two steps; what was removed stays removed.</param>
    /// <returns>How many were deleted. After a retry it counts only what the attempts before had left.</returns>
    public Task<long> ClearAsync(CancellationToken cancellationToken = default) =>
        _retry.ExecuteAsync(static (grain, token) => grain.ClearAsync(token), _grain, cancellationToken);

    private MemoryListQuery Narrow(MemoryListQuery? query)
    {
        query ??= new MemoryListQuery();
        return query with
        {
            Agent = Narrowed("agent", Scope.Agent, query.Agent),
            User = Narrowed("user", Scope.User, query.User),
            Session = Narrowed("session", Scope.Session, query.Session),
        };
    }

    private static string? Narrowed(string field, string? own, string? wanted) =>
        own is null || wanted is null || string.Equals(own, wanted, StringComparison.Ordinal)
            ? own ?? wanted
            : throw new InvalidRequestException(
                field,
                $"The list of a scope cannot be of another {field} than the scope's own. Leave it open, or take the memories of that {field}."
            );

    private bool Has(MemoryFact memory) =>
        IsOf(Scope.Agent, memory.Agent) && IsOf(Scope.User, memory.User) && IsOf(Scope.Session, memory.Session);

    private static bool IsOf(string? wanted, string? name) => wanted is null || string.Equals(wanted, name, StringComparison.Ordinal);
}
