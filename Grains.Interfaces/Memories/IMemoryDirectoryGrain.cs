using System.Collections.Immutable;
using OrleansMemory.Errors;

namespace OrleansMemory.Memories;

/// <summary>The long-term memories of one tenant, by id. The grain's key is the tenant.</summary>
/// <remarks>
/// Every method throws <see cref="InvalidRequestException"/> when the tenant or an argument is not valid and
/// <see cref="MemoryUnavailableException"/> when the store cannot be reached. An expired memory is as good as none.
/// </remarks>
[Alias("OrleansMemory.IMemoryDirectoryGrain")]
public interface IMemoryDirectoryGrain : IGrainWithStringKey
{
    /// <summary>Reads one memory.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The memory; <see langword="null"/> when there is none.</returns>
    [Alias("Get")]
    Task<MemoryFact?> GetAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Lists memories, the one recorded last first.</summary>
    /// <param name="query">Which memories.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The page.</returns>
    [Alias("List")]
    Task<MemoryPage> ListAsync(MemoryListQuery query, CancellationToken cancellationToken = default);

    /// <summary>Changes one memory.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="update">What changes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The memory as it is now.</returns>
    /// <exception cref="MemoryNotFoundException">There is no such memory.</exception>
    /// <exception cref="MemoryChangedException">It does not have the expected version.</exception>
    /// <exception cref="PayloadTooLargeException">The text or the metadata is larger than allowed.</exception>
    [Alias("Update")]
    Task<MemoryFact> UpdateAsync(string id, MemoryUpdate update, CancellationToken cancellationToken = default);

    /// <summary>Deletes one memory, with its history: nothing of it can be read any more.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether there was one.</returns>
    [Alias("Delete")]
    Task<bool> DeleteAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Reads what happened to a memory, also to one that was retired.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The newest 1,000 events, the oldest first; none when there is no such memory.</returns>
    [Alias("History")]
    Task<ImmutableArray<MemoryEvent>> HistoryAsync(string id, CancellationToken cancellationToken = default);
}
