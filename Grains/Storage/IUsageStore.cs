using OrleansMemory.Errors;
using OrleansMemory.Usage;

namespace OrleansMemory.Grains.Storage;

/// <summary>
/// What tenants, users and conversations use. Every provider keeps this page; <c>Tests/Contracts</c> checks it against each of them.
/// </summary>
/// <remarks>
/// <para><b>What turns add</b> is given by the silos that committed them (<see cref="NoteAsync"/>), some seconds later. All else (forks,
/// imports, memories, and whatever is removed) is known at once, from the transaction that did it.</para>
/// <para>
/// <b>Drift.</b> What a silo has not given before it is killed is missing until <see cref="ReconcileAsync"/> or <see cref="RecountAsync"/>
/// has counted anew.
/// </para>
/// <para>
/// <b>Retention and personal data.</b> Figures of conversations and users are read from what is stored and go with it. A tenant's totals
/// and days hold no ids but its own.
/// </para>
/// </remarks>
/// <exception cref="MemoryUnavailableException">Of every method: the store does not answer.</exception>
internal interface IUsageStore
{
    /// <summary>Notes what turns have added. The outcome of a call that failed is unknown.</summary>
    /// <param name="growth">What was added, per tenant.</param>
    /// <param name="day">The day (UTC) for which their turns count.</param>
    /// <param name="wanted">Whose usage to return, as it is after that.</param>
    /// <returns>The usage of those that were wanted and are known.</returns>
    Task<IReadOnlyList<TenantUsage>> NoteAsync(
        IReadOnlyList<UsageGrowth> growth,
        DateOnly day,
        IReadOnlyCollection<string> wanted,
        CancellationToken cancellationToken
    );

    /// <summary>Reads what a tenant uses, as far as it is noted.</summary>
    /// <returns>The usage; zeros for an unknown tenant.</returns>
    Task<TenantUsage> ReadAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>Counts a tenant anew, from the counters of its conversations and from its memories, and goes by that from now on.</summary>
    Task<TenantUsage> RecountAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>Moves notes into totals: what is read does not change.</summary>
    /// <param name="limit">The most notes.</param>
    /// <returns>How many were moved; 0 where there is nothing to move.</returns>
    Task<int> FoldAsync(int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Takes one bounded step of a walk that counts all conversations anew from their rows, then all tenants. A walk begins when none is
    /// under way and the last one ended before an instant.
    /// </summary>
    /// <param name="finishedBefore">A finished walk is followed by another one when it ended before this instant.</param>
    Task<UsageStep> ReconcileAsync(
        UsageStepLimits limits,
        DateTimeOffset now,
        DateTimeOffset finishedBefore,
        CancellationToken cancellationToken
    );

    /// <summary>Lists tenants that have or had anything, by name in ordinal order.</summary>
    /// <param name="after">The tenant after which to go on; an empty text for the first page.</param>
    /// <param name="limit">The most tenants.</param>
    /// <returns>The page.</returns>
    Task<IReadOnlyList<TenantUsage>> ListTenantsAsync(string after, int limit, CancellationToken cancellationToken);

    /// <summary>The conversations of a tenant with the most bytes, largest first.</summary>
    Task<IReadOnlyList<ConversationUsage>> ListLargestAsync(string tenant, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// The conversations of a tenant that had a turn lately, those first with the most turns per hour of their life (at least one hour).
    /// </summary>
    /// <param name="since">The instant since which they had one.</param>
    /// <param name="now">The instant.</param>
    /// <returns>The conversations; of more than 10,000 that had one, the newest are looked at.</returns>
    Task<IReadOnlyList<ConversationUsage>> ListHottestAsync(
        string tenant,
        DateTimeOffset since,
        DateTimeOffset now,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>The users of a tenant with the most bytes, memories included, largest first.</summary>
    Task<IReadOnlyList<UserUsage>> ListUsersAsync(string tenant, int limit, CancellationToken cancellationToken);

    /// <summary>What a tenant committed on each day that has any turns.</summary>
    /// <returns>The days, ascending.</returns>
    Task<IReadOnlyList<DayUsage>> ListDaysAsync(string tenant, DateOnly first, CancellationToken cancellationToken);

    /// <summary>Removes days that are past.</summary>
    /// <param name="first">The first day that is kept.</param>
    /// <param name="limit">The most rows.</param>
    /// <returns>How many were removed.</returns>
    Task<int> SweepDaysAsync(DateOnly first, int limit, CancellationToken cancellationToken);
}
