using OrleansMemory.Errors;
using OrleansMemory.Usage;

namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// What tenants, users and conversations use. What this silo has committed is in every answer; what others have is at most
/// <see cref="Usage.UsageOptions.NoteInterval"/> old.
/// </summary>
/// <remarks>The answers hold ids of users and conversations: they are data of the tenant, as conversations are.</remarks>
/// <exception cref="MemoryUnavailableException">Of every method: the store does not answer.</exception>
public interface IUsageDirectory
{
    /// <summary>What a tenant uses.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The usage; zeros for an unknown tenant.</returns>
    /// <exception cref="InvalidRequestException">It is not a tenant.</exception>
    Task<TenantUsage> GetAsync(string tenant, CancellationToken cancellationToken = default);

    /// <summary>A page of all tenants that have or had anything, by name in ordinal order.</summary>
    /// <param name="after">The last tenant of the page before; <see langword="null"/> for the first page.</param>
    /// <param name="limit">The most tenants, 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The page.</returns>
    /// <exception cref="InvalidRequestException">The limit is out of its range.</exception>
    Task<IReadOnlyList<TenantUsage>> ListTenantsAsync(string? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>The conversations of a tenant with the most bytes, largest first. All heads of the tenant are read.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="limit">The most conversations, 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The conversations.</returns>
    /// <exception cref="InvalidRequestException">It is not a tenant, or the limit is out of its range.</exception>
    Task<IReadOnlyList<ConversationUsage>> ListLargestAsync(string tenant, int limit, CancellationToken cancellationToken = default);

    /// <summary>
    /// The conversations of a tenant that had a turn lately, those first with the most turns per hour of their life. Of more than 10,000
    /// that had one, the newest are looked at.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="within">How lately, 1 minute to 30 days.</param>
    /// <param name="limit">The most conversations, 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The conversations.</returns>
    /// <exception cref="InvalidRequestException">It is not a tenant, or a number is out of its range.</exception>
    Task<IReadOnlyList<ConversationUsage>> ListHottestAsync(
        string tenant,
        TimeSpan within,
        int limit,
        CancellationToken cancellationToken = default
    );

    /// <summary>
    /// The users of a tenant with the most bytes, memories included, largest first. All heads and memories of the tenant are read.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="limit">The most users, 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The users.</returns>
    /// <exception cref="InvalidRequestException">It is not a tenant, or the limit is out of its range.</exception>
    Task<IReadOnlyList<UserUsage>> ListUsersAsync(string tenant, int limit, CancellationToken cancellationToken = default);

    /// <summary>What a tenant committed on each of the last days; days without a turn are left out.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="days">How many days, today (UTC) included, 1 to 10,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The days, ascending.</returns>
    /// <exception cref="InvalidRequestException">It is not a tenant, or the number is out of its range.</exception>
    Task<IReadOnlyList<DayUsage>> ListDaysAsync(string tenant, int days, CancellationToken cancellationToken = default);
}
