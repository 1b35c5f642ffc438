using System.Runtime.CompilerServices;
using Npgsql;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Storage.Postgres.Facts;

internal sealed partial class PostgresFactStore
{
    /// <inheritdoc />
    public Task<FactChangeResult> ChangeAsync(FactChange change, CancellationToken cancellationToken)
    {
        if (FactRows.ParseId(change.Id) is not { } id)
        {
            return Task.FromResult(new FactChangeResult(false, null));
        }

        // An attempt that ended without an answer may have been committed: it is known by what it would have made of the memory.
        MemoryFact? attempted = null;
        return RunAsync(
            async (connection, token) =>
            {
                NpgsqlTransaction transaction = await connection.BeginTransactionAsync(token).ConfigureAwait(false);
                await using ConfiguredAsyncDisposable _ = transaction.ConfigureAwait(false);
                MemoryFact? fact = await ReadOneAsync(connection, SqlScripts.LockMemory, change.Tenant, id, token).ConfigureAwait(false);
                if (attempted is not null && fact == attempted)
                {
                    return new FactChangeResult(true, fact);
                }

                if (fact is null || fact.ExpiresAt <= change.At)
                {
                    return new FactChangeResult(false, null);
                }

                if (change.ExpectedVersion is { } expected && expected != fact.Version)
                {
                    return new FactChangeResult(false, fact);
                }

                attempted = change.ApplyTo(fact);
                await ReviseAsync(connection, id, fact, attempted, byExtractor: false, token).ConfigureAwait(false);
                await transaction.CommitAsync(token).ConfigureAwait(false);
                return new FactChangeResult(true, attempted);
            },
            cancellationToken
        );
    }

    /// <summary>Gives a memory that is locked its new content.</summary>
    private static Task<int> ReviseAsync(
        NpgsqlConnection connection,
        Guid id,
        MemoryFact before,
        MemoryFact after,
        bool byExtractor,
        CancellationToken cancellationToken
    ) =>
        ExecuteAsync(
            connection,
            SqlScripts.ChangeMemory,
            parameters =>
                parameters
                    .Uuid(id)
                    .Bigint(after.Version)
                    .Text(after.Text)
                    .Boolean(!string.Equals(before.Text, after.Text, StringComparison.Ordinal))
                    .Json(after.Metadata)
                    .Json(LabelsJson.Write(after.Metadata))
                    .Instant(after.ExpiresAt)
                    .Integer(BytesOf(after))
                    .Instant(after.UpdatedAt)
                    .Boolean(byExtractor),
            cancellationToken
        );
}
