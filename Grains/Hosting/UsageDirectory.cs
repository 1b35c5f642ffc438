using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Usage;
using OrleansMemory.Tenants;
using OrleansMemory.Usage;

namespace OrleansMemory.Grains.Hosting;

/// <summary>Usage as the store has it, with what this silo has committed.</summary>
/// <param name="services">Where the store is found, once it is open.</param>
/// <param name="meters">Note what this silo has committed before the store is asked.</param>
/// <param name="timeProvider">The clock of conversations.</param>
internal sealed class UsageDirectory(
    IServiceProvider services,
    UsageMeters meters,
    [FromKeyedServices(MemoryClock.ServiceKey)] TimeProvider timeProvider
) : IUsageDirectory
{
    private const int MostRows = 1_000;
    private const int MostDays = 10_000;
    private const int MostHotDays = 30;

    private IUsageStore Store => services.GetRequiredService<IUsageStore>();

    /// <inheritdoc />
    public async Task<TenantUsage> GetAsync(string tenant, CancellationToken cancellationToken = default)
    {
        TenantKey.Create(tenant);
        await meters.NoteAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        return await Store.ReadAsync(tenant, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<TenantUsage>> ListTenantsAsync(string? after, int limit, CancellationToken cancellationToken = default)
    {
        CheckLimit(limit);
        await meters.NoteAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        return await Store.ListTenantsAsync(after ?? string.Empty, limit, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<ConversationUsage>> ListLargestAsync(string tenant, int limit, CancellationToken cancellationToken = default)
    {
        TenantKey.Create(tenant);
        CheckLimit(limit);
        return Store.ListLargestAsync(tenant, limit, cancellationToken);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<ConversationUsage>> ListHottestAsync(
        string tenant,
        TimeSpan within,
        int limit,
        CancellationToken cancellationToken = default
    )
    {
        TenantKey.Create(tenant);
        CheckLimit(limit);
        DateTimeOffset now = timeProvider.Now();
        return within >= TimeSpan.FromMinutes(1) && within <= TimeSpan.FromDays(MostHotDays)
            ? Store.ListHottestAsync(tenant, now - within, now, limit, cancellationToken)
            : throw new InvalidRequestException("within", FormattableString.Invariant($"within must be 1 minute to {MostHotDays} days."));
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<UserUsage>> ListUsersAsync(string tenant, int limit, CancellationToken cancellationToken = default)
    {
        TenantKey.Create(tenant);
        CheckLimit(limit);
        return Store.ListUsersAsync(tenant, limit, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<DayUsage>> ListDaysAsync(string tenant, int days, CancellationToken cancellationToken = default)
    {
        TenantKey.Create(tenant);
        if (days is < 1 or > MostDays)
        {
            throw new InvalidRequestException("days", FormattableString.Invariant($"days must be 1 to {MostDays}."));
        }

        await meters.NoteAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        DateOnly today = DateOnly.FromDateTime(timeProvider.Now().UtcDateTime);
        return await Store.ListDaysAsync(tenant, today.AddDays(1 - days), cancellationToken).ConfigureAwait(false);
    }

    private static void CheckLimit(int limit)
    {
        if (limit is < 1 or > MostRows)
        {
            throw new InvalidRequestException("limit", FormattableString.Invariant($"limit must be 1 to {MostRows}."));
        }
    }
}
