using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Storage.Postgres.Facts;

internal sealed partial class PostgresFactStore
{
    /// <inheritdoc />
    public Task<bool> ApplyAsync(FactDistillation distillation, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, token) =>
            {
                NpgsqlTransaction transaction = await connection.BeginTransactionAsync(token).ConfigureAwait(false);
                await using ConfiguredAsyncDisposable _ = transaction.ConfigureAwait(false);
                Dictionary<string, LockedFact> locked = await LockAsync(connection, distillation, token).ConfigureAwait(false);
                if (
                    !distillation.Turns.All(id => locked.TryGetValue(id, out LockedFact turn) && turn.Extracts)
                    || !distillation.Revised.All(revision =>
                        locked.TryGetValue(revision.Id, out LockedFact fact) && fact.Fact.Version == revision.ExpectedVersion
                    )
                    || !distillation.Retired.All(retirement =>
                        locked.TryGetValue(retirement.Id, out LockedFact fact) && fact.Fact.Version == retirement.ExpectedVersion
                    )
                )
                {
                    return false;
                }

                await ApplyAsync(connection, distillation, locked, token).ConfigureAwait(false);
                await transaction.CommitAsync(token).ConfigureAwait(false);
                return true;
            },
            cancellationToken
        );

    private static async Task ApplyAsync(
        NpgsqlConnection connection,
        FactDistillation distillation,
        Dictionary<string, LockedFact> locked,
        CancellationToken cancellationToken
    )
    {
        await ExecuteAsync(
                connection,
                SqlScripts.FinishTurns,
                parameters => parameters.Array(IdsOf(distillation.Turns), NpgsqlDbType.Uuid),
                cancellationToken
            )
            .ConfigureAwait(false);
        if (!distillation.Added.IsEmpty)
        {
            var added = new FactRecording
            {
                Scope = distillation.Scope,
                Facts = distillation.Added,
                PayloadHash = [],
                Distilled = true,
                At = distillation.At,
            };
            await InsertAsync(connection, added, key: null, cancellationToken).ConfigureAwait(false);
        }

        foreach (FactRevision revision in distillation.Revised)
        {
            MemoryFact before = locked[revision.Id].Fact;
            MemoryFact after = before with { Text = revision.Text, Version = before.Version + 1, UpdatedAt = distillation.At };
            await ReviseAsync(connection, Guid.Parse(before.Id), before, after, byExtractor: true, cancellationToken).ConfigureAwait(false);
        }

        foreach (FactRetirement retirement in distillation.Retired)
        {
            MemoryFact before = locked[retirement.Id].Fact;
            await ExecuteAsync(
                    connection,
                    SqlScripts.RetireMemory,
                    parameters => parameters.Uuid(Guid.Parse(before.Id)).Bigint(before.Version + 1).Instant(distillation.At),
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
    }

    private static async Task<Dictionary<string, LockedFact>> LockAsync(
        NpgsqlConnection connection,
        FactDistillation distillation,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(SqlScripts.LockMemories, connection);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        Guid[] ids = IdsOf([
            .. distillation.Turns,
            .. distillation.Revised.Select(revision => revision.Id),
            .. distillation.Retired.Select(retired => retired.Id),
        ]);
        command.Parameters.Array(ids, NpgsqlDbType.Uuid).Text(distillation.Scope.Tenant).Names(distillation.Scope);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
        var locked = new Dictionary<string, LockedFact>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            MemoryFact fact = FactRows.Read(reader, first: 1).Fact;
            locked.Add(fact.Id, new LockedFact(fact, reader.GetBoolean(0)));
        }

        return locked;
    }

    private static Guid[] IdsOf(IEnumerable<string> ids) => [.. ids.Select(FactRows.ParseId).OfType<Guid>()];

    /// <summary>A memory that is locked.</summary>
    /// <param name="Extracts">Whether facts are still to be distilled from it.</param>
    private readonly record struct LockedFact(MemoryFact Fact, bool Extracts);
}
