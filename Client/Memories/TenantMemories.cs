using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansMemory.Client.Retries;
using OrleansMemory.Errors;
using OrleansMemory.Memories;

namespace OrleansMemory.Client.Memories;

/// <summary>
/// A handle to the long-term memories of one tenant, by id, whoever they belong to. Transient failures are retried within the client's
/// bounds. Whoever serves one user or agent alone takes <see cref="ScopedMemories"/>, which keeps to it.
/// </summary>
/// <remarks>
/// Every method throws <see cref="InvalidRequestException"/> when an argument is not valid and, once the retries are used up, <see
/// cref="MemoryUnavailableException"/>
/// (the store, or every silo, could not be reached in time; what Orleans threw is inside) or <see cref="MemoryOverloadedException"/>.
/// Memories are kept until they are deleted or expire, and are neither redacted nor encrypted. Their texts were written by users and
/// models: treat them as untrusted, and give them to a model by <see cref="MemoryFence"/>.
/// </remarks>
public sealed class TenantMemories
{
    private readonly IMemoryDirectoryGrain _grain;
    private readonly TransientRetry _retry;

    internal TenantMemories(string tenant, IMemoryDirectoryGrain grain, TransientRetry retry)
    {
        Tenant = tenant;
        _grain = grain;
        _retry = retry;
    }

    /// <summary>The tenant.</summary>
    public string Tenant { get; }

    /// <summary>Reads one memory.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The memory; <see langword="null"/> when there is none, or it has expired or been retired.</returns>
    public Task<MemoryFact?> GetAsync(string id, CancellationToken cancellationToken = default)
    {
        RequireId(id);
        return _retry.ExecuteAsync(static (state, token) => state._grain.GetAsync(state.id, token), (_grain, id), cancellationToken);
    }

    /// <summary>Lists memories, the one recorded last first.</summary>
    /// <param name="query">Which memories, and where to go on.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A page.</returns>
    public Task<MemoryPage> ListAsync(MemoryListQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        WellFormedText.Require(query);
        return _retry.ExecuteAsync(static (state, token) => state._grain.ListAsync(state.query, token), (_grain, query), cancellationToken);
    }

    /// <summary>Walks through all pages of a list; see <see cref="ListAsync"/>. They are read while the memories are consumed.</summary>
    /// <param name="query">Which memories; <see cref="MemoryListQuery.Limit"/> is the size of a page, <see cref="MemoryListQuery.Cursor"/>
    /// where to start.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    /// <returns>The memories, each as it is when its page is read.</returns>
    public async IAsyncEnumerable<MemoryFact> ListAllAsync(
        MemoryListQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        MemoryListQuery? next = query;
        while (next is not null)
        {
            MemoryPage page = await ListAsync(next, cancellationToken);
            foreach (MemoryFact memory in page.Memories)
            {
                yield return memory;
            }

            next = page.Next is null ? null : next with { Cursor = page.Next };
        }
    }

    /// <summary>
    /// Changes one memory. A change that is repeated after a transient failure may count as two versions that say the same.
    /// </summary>
    /// <param name="id">Its id.</param>
    /// <param name="update">What changes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The memory as it is now.</returns>
    /// <exception cref="MemoryNotFoundException">There is no such memory.</exception>
    /// <exception cref="MemoryChangedException">
    /// It does not have the expected version; after a retry, perhaps because the attempt before has changed it.
    /// </exception>
    /// <exception cref="PayloadTooLargeException">The text or the metadata is larger than allowed.</exception>
    public Task<MemoryFact> UpdateAsync(string id, MemoryUpdate update, CancellationToken cancellationToken = default)
    {
        RequireId(id);
        ArgumentNullException.ThrowIfNull(update);
        update = update with { Text = StorableText.Clean(update.Text) };
        WellFormedText.Require(update);
        return _retry.ExecuteAsync(
            static (state, token) => state._grain.UpdateAsync(state.id, state.update, token),
            (_grain, id, update),
            cancellationToken
        );
    }

    /// <summary>Deletes one memory, with its history.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether there was one. After a retry it may say that there was none, because the attempt before had deleted it.</returns>
    public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken = default)
    {
        RequireId(id);
        return _retry.ExecuteAsync(static (state, token) => state._grain.DeleteAsync(state.id, token), (_grain, id), cancellationToken);
    }

    /// <summary>Reads what happened to a memory, also to one that was retired.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The newest 1,000 events, the oldest first; none when there is no such memory.</returns>
    public Task<ImmutableArray<MemoryEvent>> GetHistoryAsync(string id, CancellationToken cancellationToken = default)
    {
        RequireId(id);
        return _retry.ExecuteAsync(static (state, token) => state._grain.HistoryAsync(state.id, token), (_grain, id), cancellationToken);
    }

    private static void RequireId(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        WellFormedText.Require(id, "id");
    }
}
