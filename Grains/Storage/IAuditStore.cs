using OrleansMemory.Auditing;
using OrleansMemory.Errors;

namespace OrleansMemory.Grains.Storage;

/// <summary>The audit trail. Every provider keeps this page; <c>Tests/Contracts</c> checks it against each of them.</summary>
/// <remarks>
/// <b>Retention and personal data.</b> Of the id of a user or conversation only a hash is kept, with a key that the database made for
/// itself: who knows an id finds its rows, also after the user was erased; the id cannot be read from a row.
/// </remarks>
/// <exception cref="MemoryUnavailableException">Of every method: the store does not answer.</exception>
internal interface IAuditStore
{
    /// <summary>Writes down what is about to be done. It is durable when the call returns.</summary>
    /// <param name="note">What, by whom.</param>
    /// <returns>The row's id.</returns>
    Task<long> BeginAsync(AuditNote note, CancellationToken cancellationToken);

    /// <summary>Writes down how it ended.</summary>
    /// <param name="id">The row's id.</param>
    /// <param name="at">The instant.</param>
    /// <param name="counts">How much, as a JSON object of numbers.</param>
    /// <returns>A task that ends when it is durable.</returns>
    Task CompleteAsync(long id, DateTimeOffset at, string? counts, CancellationToken cancellationToken);

    /// <summary>Lists rows, newest first.</summary>
    /// <returns>The page.</returns>
    Task<IReadOnlyList<AuditRecord>> ListAsync(AuditList list, CancellationToken cancellationToken);

    /// <summary>Removes old rows.</summary>
    /// <param name="before">Rows that were begun before this instant go.</param>
    /// <param name="limit">The most rows.</param>
    /// <returns>How many were removed.</returns>
    Task<int> SweepAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);
}

/// <summary>What is written down.</summary>
/// <param name="Tenant">Whose data.</param>
/// <param name="Action">What is done; see <see cref="AuditActions"/>.</param>
/// <param name="Subject">The id that it is about; <see langword="null"/> for none. Only its hash is kept.</param>
/// <param name="At">The instant.</param>
/// <param name="Counts">How much, as a JSON object of numbers; <see langword="null"/> where that is not known yet.</param>
/// <param name="IsOver">Whether it is over with this call.</param>
internal sealed record AuditNote(
    string Tenant,
    string Action,
    string Actor,
    AuditSubject? Subject,
    DateTimeOffset At,
    string? Counts = null,
    bool IsOver = false
);

/// <summary>Which rows of the audit trail to list.</summary>
/// <param name="Tenant">Whose; <see langword="null"/> for all tenants.</param>
/// <param name="Subject">About whom; <see langword="null"/> for all. Only together with a tenant.</param>
/// <param name="Before">The row before which to go on.</param>
/// <param name="Limit">The most rows.</param>
internal sealed record AuditList(string? Tenant, AuditSubject? Subject, long Before, int Limit);
