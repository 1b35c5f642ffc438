using OrleansMemory.Auditing;
using OrleansMemory.Errors;

namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// The audit trail: who erased, exported, imported and deleted, and who set keys, limits and quotas. It holds counts, no content, and of
/// ids of users and conversations only hashes.
/// </summary>
/// <exception cref="MemoryUnavailableException">Of every method: the store does not answer.</exception>
public interface IAuditLog
{
    /// <summary>Lists rows, newest first.</summary>
    /// <param name="query">Which rows.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The page.</returns>
    /// <exception cref="InvalidRequestException">The query is not valid.</exception>
    Task<IReadOnlyList<AuditRecord>> ListAsync(AuditQuery query, CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes down something that is over or about to be done, by who calls in the current flow (<see cref="AuditActor"/>).
    /// </summary>
    /// <param name="tenant">Whose data.</param>
    /// <param name="action">See <see cref="AuditActions"/>.</param>
    /// <param name="conversationId">The conversation that it is about; <see langword="null"/> for none. Only a hash is kept.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when it is durable.</returns>
    Task NoteAsync(string tenant, string action, string? conversationId, CancellationToken cancellationToken = default);
}
