using OrleansMemory.Usage;

namespace OrleansMemory.Grains.Storage.InMemory;

/// <summary>Usage of the stores in memory: counted whenever somebody asks, so that nothing drifts. Only the days are kept.</summary>
internal sealed class InMemoryUsageStore(InMemoryConversationStore conversations, InMemoryFactStore facts) : IUsageStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Tenant, DateOnly Day), DayUsage> _days = [];

    /// <inheritdoc />
    public Task<IReadOnlyList<TenantUsage>> NoteAsync(
        IReadOnlyList<UsageGrowth> growth,
        DateOnly day,
        IReadOnlyCollection<string> wanted,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            foreach ((string tenant, UsageAmount amount) in growth.Where(static row => row.Amount.Turns > 0))
            {
                DayUsage before = _days.GetValueOrDefault((tenant, day)) ?? new DayUsage { Day = day };
                _days[(tenant, day)] = before with
                {
                    Turns = before.Turns + amount.Turns,
                    Messages = before.Messages + amount.Appended,
                    Bytes = before.Bytes + amount.AppendedBytes,
                };
            }
        }

        return Task.FromResult<IReadOnlyList<TenantUsage>>([
            .. Count().Where(usage => wanted.Contains(usage.Tenant, StringComparer.Ordinal)),
        ]);
    }

    /// <inheritdoc />
    public Task<TenantUsage> ReadAsync(string tenant, CancellationToken cancellationToken) =>
        Task.FromResult(
            Count().SingleOrDefault(usage => string.Equals(usage.Tenant, tenant, StringComparison.Ordinal))
                ?? new TenantUsage { Tenant = tenant }
        );

    /// <inheritdoc />
    public Task<TenantUsage> RecountAsync(string tenant, CancellationToken cancellationToken) => ReadAsync(tenant, cancellationToken);

    /// <inheritdoc />
    public Task<int> FoldAsync(int limit, CancellationToken cancellationToken) => Task.FromResult(0);

    /// <inheritdoc />
    public Task<UsageStep> ReconcileAsync(
        UsageStepLimits limits,
        DateTimeOffset now,
        DateTimeOffset finishedBefore,
        CancellationToken cancellationToken
    ) => Task.FromResult(UsageStep.None);

    /// <inheritdoc />
    public Task<IReadOnlyList<TenantUsage>> ListTenantsAsync(string after, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<TenantUsage>>([
            .. Count().Where(usage => string.CompareOrdinal(usage.Tenant, after) > 0).Take(limit),
        ]);

    /// <inheritdoc />
    public Task<IReadOnlyList<ConversationUsage>> ListLargestAsync(string tenant, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ConversationUsage>>([
            .. Live(tenant)
                .OrderByDescending(static usage => usage.Bytes)
                .ThenBy(static usage => usage.Id, StringComparer.Ordinal)
                .Take(limit),
        ]);

    /// <inheritdoc />
    public Task<IReadOnlyList<ConversationUsage>> ListHottestAsync(
        string tenant,
        DateTimeOffset since,
        DateTimeOffset now,
        int limit,
        CancellationToken cancellationToken
    ) =>
        Task.FromResult<IReadOnlyList<ConversationUsage>>([
            .. Live(tenant)
                .Where(usage => usage.UpdatedAt >= since)
                .OrderByDescending(usage => usage.Turns / Math.Max((now - usage.CreatedAt).TotalHours, 1))
                .ThenBy(static usage => usage.Id, StringComparer.Ordinal)
                .Take(limit),
        ]);

    /// <inheritdoc />
    public Task<IReadOnlyList<UserUsage>> ListUsersAsync(string tenant, int limit, CancellationToken cancellationToken)
    {
        IEnumerable<UserUsage> rows = Live(tenant)
            .Where(static usage => usage.UserId is not null)
            .Select(static usage => new UserUsage
            {
                UserId = usage.UserId!,
                Conversations = 1,
                Messages = usage.Messages,
                Bytes = usage.Bytes,
                UpdatedAt = usage.UpdatedAt,
            })
            .Concat(
                facts
                    .CountFacts()
                    .Where(fact => fact.User is not null && string.Equals(fact.Tenant, tenant, StringComparison.Ordinal))
                    .Select(static fact => new UserUsage
                    {
                        UserId = fact.User!,
                        Memories = 1,
                        MemoryBytes = fact.Bytes,
                        UpdatedAt = fact.UpdatedAt,
                    })
            );
        return Task.FromResult<IReadOnlyList<UserUsage>>([
            .. rows.GroupBy(static row => row.UserId, StringComparer.Ordinal)
                .Select(static user => new UserUsage
                {
                    UserId = user.Key,
                    Conversations = user.Sum(static row => row.Conversations),
                    Messages = user.Sum(static row => row.Messages),
                    Bytes = user.Sum(static row => row.Bytes),
                    Memories = user.Sum(static row => row.Memories),
                    MemoryBytes = user.Sum(static row => row.MemoryBytes),
                    UpdatedAt = user.Max(static row => row.UpdatedAt),
                })
                .OrderByDescending(static user => user.Bytes + user.MemoryBytes)
                .ThenBy(static user => user.UserId, StringComparer.Ordinal)
                .Take(limit),
        ]);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<DayUsage>> ListDaysAsync(string tenant, DateOnly first, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<DayUsage>>([
                .. _days
                    .Where(row => string.Equals(row.Key.Tenant, tenant, StringComparison.Ordinal) && row.Key.Day >= first)
                    .Select(static row => row.Value)
                    .OrderBy(static row => row.Day),
            ]);
        }
    }

    /// <inheritdoc />
    public Task<int> SweepDaysAsync(DateOnly first, int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            (string, DateOnly)[] old = [.. _days.Keys.Where(key => key.Day < first).Take(limit)];
            return Task.FromResult(old.Count(_days.Remove));
        }
    }

    private IEnumerable<ConversationUsage> Live(string tenant) =>
        conversations
            .CountLives()
            .Where(life => life.IsLive && string.Equals(life.Head.Key.Tenant, tenant, StringComparison.Ordinal))
            .Select(static life => new ConversationUsage
            {
                Id = life.Head.Key.Id,
                UserId = life.Head.Settings.UserId,
                AgentId = life.Head.Settings.AgentId,
                Messages = life.Head.MessageCount,
                Turns = life.Head.Version,
                Bytes = life.Bytes,
                CreatedAt = life.Head.CreatedAt,
                UpdatedAt = life.Head.UpdatedAt,
                ExpiresAt = life.Head.ExpiresAt,
            });

    private IEnumerable<TenantUsage> Count() =>
        conversations
            .CountLives()
            .Select(static life => new TenantUsage
            {
                Tenant = life.Head.Key.Tenant,
                Conversations = life.IsLive ? 1 : 0,
                Messages = life.IsLive ? life.Head.MessageCount : 0,
                Bytes = life.Bytes,
            })
            .Concat(
                facts
                    .CountFacts()
                    .Select(static fact => new TenantUsage
                    {
                        Tenant = fact.Tenant,
                        Memories = 1,
                        MemoryBytes = fact.Bytes,
                    })
            )
            .GroupBy(static row => row.Tenant, StringComparer.Ordinal)
            .Select(static tenant => new TenantUsage
            {
                Tenant = tenant.Key,
                Conversations = tenant.Sum(static row => row.Conversations),
                Messages = tenant.Sum(static row => row.Messages),
                Bytes = tenant.Sum(static row => row.Bytes),
                Memories = tenant.Sum(static row => row.Memories),
                MemoryBytes = tenant.Sum(static row => row.MemoryBytes),
            })
            .OrderBy(static usage => usage.Tenant, StringComparer.Ordinal);
}
