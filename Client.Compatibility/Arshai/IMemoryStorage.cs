namespace OrleansMemory.Client.Compatibility.Arshai;

/// <summary>Looks into what a memory manager holds, one conversation at a time.</summary>
/// <remarks>
/// Conversations are found by their id alone: no list of all of them is kept for this, so there is none here. A manager in this process
/// knows all it holds and has the same for the whole of it; see <see cref="InMemoryManager"/>.
/// </remarks>
public interface IMemoryStorage
{
    /// <summary>Reads all memories of a conversation.</summary>
    /// <param name="conversationId">The conversation.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A copy by key, <c>memory:{TYPE}:{conversation id}</c>; empty for an unknown conversation.</returns>
    Task<IReadOnlyDictionary<string, StoredWorkingMemory>> GetStorageAsync(
        string conversationId,
        CancellationToken cancellationToken = default
    );

    /// <summary>Counts the memories of a conversation.</summary>
    /// <param name="conversationId">The conversation.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many there are, and their keys.</returns>
    Task<StorageStatistics> GetStatisticsAsync(string conversationId, CancellationToken cancellationToken = default);

    /// <summary>Removes expired memories of a conversation for good. They were invisible before; this only frees what they take.</summary>
    /// <param name="conversationId">The conversation.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when they are removed.</returns>
    Task ClearExpiredAsync(string conversationId, CancellationToken cancellationToken = default);
}
