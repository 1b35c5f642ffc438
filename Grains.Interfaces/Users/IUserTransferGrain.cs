using System.Collections.Immutable;
using OrleansMemory.Errors;

namespace OrleansMemory.Users;

/// <summary>
/// What an export or import of a user needs besides the user's conversations. The grain's key is <see cref="UserKey.ToString"/>.
/// </summary>
[Alias("OrleansMemory.IUserTransferGrain")]
public interface IUserTransferGrain : IGrainWithStringKey
{
    /// <summary>Says that a transfer begins: the audit trail has it from now on.</summary>
    /// <param name="isImport">Whether it is an import; otherwise an export.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The number of the row in the audit trail.</returns>
    /// <exception cref="InvalidRequestException">The key is not valid.</exception>
    /// <exception cref="MemoryUnavailableException">The store does not answer.</exception>
    [Alias("Begin")]
    Task<long> BeginAsync(bool isImport, CancellationToken cancellationToken = default);

    /// <summary>Says how much a transfer was. One that was broken off never says so, and its row stays without an end.</summary>
    /// <param name="transfer">The number of the row.</param>
    /// <param name="counts">How much it was.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when it is written down, or given up.</returns>
    [Alias("Complete")]
    Task CompleteAsync(long transfer, UserTransferCounts counts, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads long-term memories of the user, whatever their agents and sessions, with their histories, in the order in which they were
    /// recorded.
    /// </summary>
    /// <param name="after">The <see cref="MemoryRecordPage.Next"/> of the page before; 0 for the first page.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A page, bounded by count and bytes.</returns>
    /// <exception cref="MemoryUnavailableException">The store does not answer.</exception>
    [Alias("ReadMemories")]
    Task<MemoryRecordPage> ReadMemoriesAsync(long after, CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes long-term memories with their histories: to this user, whomever they name. One that the user has under the same id is left as
    /// it is, so that the same ones may be written again. An id that is somebody else's, or was deleted, is replaced with another one,
    /// always the same.
    /// </summary>
    /// <param name="records">The memories, up to 100.</param>
    /// <param name="cancellationToken">Ends the wait; they may have been written all the same.</param>
    /// <returns>How many were not there yet.</returns>
    /// <exception cref="InvalidRequestException">A memory is not valid.</exception>
    /// <exception cref="PayloadTooLargeException">A memory is too large.</exception>
    /// <exception cref="QuotaExceededException">The tenant has no room for them.</exception>
    /// <exception cref="MemoryUnavailableException">The store does not answer.</exception>
    [Alias("WriteMemories")]
    Task<int> WriteMemoriesAsync(ImmutableArray<MemoryRecord> records, CancellationToken cancellationToken = default);
}
