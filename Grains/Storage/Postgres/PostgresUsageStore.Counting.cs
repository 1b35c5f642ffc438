using System.Runtime.CompilerServices;
using Npgsql;
using OrleansMemory.Usage;

namespace OrleansMemory.Grains.Storage.Postgres;

internal sealed partial class PostgresUsageStore
{
    /// <inheritdoc />
    public Task<TenantUsage> RecountAsync(string tenant, CancellationToken cancellationToken) =>
        store.RunAsync(
            async (connection, token) =>
            {
                NpgsqlTransaction transaction = await connection.BeginTransactionAsync(token).ConfigureAwait(false);
                await using ConfiguredAsyncDisposable _ = transaction.ConfigureAwait(false);
                TenantUsage counted = await RecountAsync(connection, tenant, token).ConfigureAwait(false);
                await transaction.CommitAsync(token).ConfigureAwait(false);
                return counted;
            },
            Attempts,
            cancellationToken
        );

    /// <inheritdoc />
    public Task<int> FoldAsync(int limit, CancellationToken cancellationToken) =>
        store.RunAsync(
            async (connection, token) =>
            {
                NpgsqlTransaction transaction = await connection.BeginTransactionAsync(token).ConfigureAwait(false);
                await using ConfiguredAsyncDisposable _ = transaction.ConfigureAwait(false);
                await LockAsync(connection, token).ConfigureAwait(false);
                IReadOnlyList<long> moved = await QueryAsync(
                        connection,
                        SqlScripts.FoldUsage,
                        parameters => parameters.Bigint(limit),
                        static reader => reader.GetInt64(0),
                        token
                    )
                    .ConfigureAwait(false);
                await transaction.CommitAsync(token).ConfigureAwait(false);
                return (int)moved[0];
            },
            Attempts,
            cancellationToken
        );

    /// <inheritdoc />
    public Task<UsageStep> ReconcileAsync(
        UsageStepLimits limits,
        DateTimeOffset now,
        DateTimeOffset finishedBefore,
        CancellationToken cancellationToken
    ) =>
        store.RunAsync(
            async (connection, token) =>
            {
                NpgsqlTransaction transaction = await connection.BeginTransactionAsync(token).ConfigureAwait(false);
                await using ConfiguredAsyncDisposable _ = transaction.ConfigureAwait(false);
                IReadOnlyList<Walk> stands = await QueryAsync(
                        connection,
                        SqlScripts.LockUsageWalk,
                        static parameters => parameters,
                        static reader => new Walk(
                            reader.GetInt64(0),
                            reader.GetString(1),
                            reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2)
                        ),
                        token
                    )
                    .ConfigureAwait(false);
                if (stands.Count == 0 || stands[0].FinishedAt >= finishedBefore)
                {
                    return UsageStep.None;
                }

                Walk walk = stands[0].FinishedAt is null ? stands[0] : new Walk(0, string.Empty, null);
                (UsageStep step, walk) = await StepAsync(connection, walk, limits, now, token).ConfigureAwait(false);
                await QueryAsync(
                        connection,
                        SqlScripts.MoveUsageWalk,
                        parameters => parameters.Bigint(walk.Life).Text(walk.Tenant).Instant(walk.FinishedAt),
                        static _ => 0,
                        token
                    )
                    .ConfigureAwait(false);
                await transaction.CommitAsync(token).ConfigureAwait(false);
                return step;
            },
            Attempts,
            cancellationToken
        );

    /// <inheritdoc />
    public Task<int> SweepDaysAsync(DateOnly first, int limit, CancellationToken cancellationToken) =>
        store.RunAsync(
            async (connection, token) =>
            {
                var command = new NpgsqlCommand(SqlScripts.SweepUsageDays, connection);
                await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
                command.Parameters.Day(first).Bigint(limit);
                return await command.ExecuteNonQueryAsync(token).ConfigureAwait(false);
            },
            Attempts,
            cancellationToken
        );

    /// <summary>Lives first; when none is left, tenants.</summary>
    private static async Task<(UsageStep Step, Walk Walk)> StepAsync(
        NpgsqlConnection connection,
        Walk walk,
        UsageStepLimits limits,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (walk.Tenant.Length == 0)
        {
            IReadOnlyList<(long? Last, int Lives, int Corrected)> counted = await QueryAsync(
                    connection,
                    SqlScripts.RecountLives,
                    parameters => parameters.Bigint(walk.Life).Bigint(limits.Lives).Bigint(limits.Messages),
                    static reader =>
                        (reader.IsDBNull(0) ? (long?)null : reader.GetInt64(0), (int)reader.GetInt64(1), (int)reader.GetInt64(2)),
                    cancellationToken
                )
                .ConfigureAwait(false);
            if (counted[0].Last is { } last)
            {
                return (new UsageStep(counted[0].Lives, counted[0].Corrected, 0, Finished: false), walk with { Life = last });
            }
        }

        IReadOnlyList<string?> next = await QueryAsync(
                connection,
                SqlScripts.FindNextTenant,
                parameters => parameters.Text(walk.Tenant),
                static reader => reader.IsDBNull(0) ? null : reader.GetString(0),
                cancellationToken
            )
            .ConfigureAwait(false);
        if (next[0] is not { } tenant)
        {
            return (UsageStep.None, walk with { FinishedAt = now });
        }

        await RecountAsync(connection, tenant, cancellationToken).ConfigureAwait(false);
        return (new UsageStep(0, 0, 1, Finished: false), walk with { Tenant = tenant });
    }

    private static async Task<TenantUsage> RecountAsync(NpgsqlConnection connection, string tenant, CancellationToken cancellationToken)
    {
        await LockAsync(connection, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<TenantUsage> counted = await QueryAsync(
                connection,
                SqlScripts.RecountTenant,
                parameters => parameters.Text(tenant),
                UsageRows.Tenant,
                cancellationToken
            )
            .ConfigureAwait(false);
        return counted[0];
    }

    private static async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        await QueryAsync(connection, SqlScripts.LockUsage, static parameters => parameters, static _ => 0, cancellationToken)
            .ConfigureAwait(false);

    private sealed record Walk(long Life, string Tenant, DateTimeOffset? FinishedAt);
}
