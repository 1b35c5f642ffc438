using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Npgsql;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Storage.Postgres.Facts;

internal sealed partial class PostgresFactStore
{
    private const int ChangeColumn = 4;

    /// <inheritdoc />
    public Task<FactMark> MarkAsync(CancellationToken cancellationToken) =>
        RunAsync(
            static async (connection, token) =>
            {
                var command = new NpgsqlCommand(SqlScripts.MarkMemories, connection);
                await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
                NpgsqlDataReader reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
                await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
                await reader.ReadAsync(token).ConfigureAwait(false);
                return FactMarks.Create(reader.GetString(0), reader.GetString(1));
            },
            cancellationToken
        );

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredFact>> ReadScopeAsync(ScopeRead read, CancellationToken cancellationToken) =>
        RunAsync(
            (connection, token) =>
            {
                NpgsqlBatchCommand command = SqlScripts.ReadMemories.For(read.Scope);
                command.Parameters.Bigint(read.Before ?? long.MaxValue).Bigint(read.Limit).Bigint(read.MaxBytes).Text(read.Model);
                return ReadAsync(connection, read.Scope.Tenant, command, vector: FactRows.Columns, token);
            },
            cancellationToken
        );

    /// <inheritdoc />
    public Task<FactChanges?> ReadChangesAsync(
        MemoryScope scope,
        FactMark since,
        string? model,
        int limit,
        long maxBytes,
        CancellationToken cancellationToken
    ) =>
        RunAsync(
            (connection, token) =>
            {
                NpgsqlBatchCommand command = SqlScripts.ReadMemoryChanges.For(scope);

                // One more tells that there are too many.
                command.Parameters.Text(FactMarks.SnapshotOf(since)).Bigint(limit + 1L).Bigint(maxBytes).Text(model);
                return _store.Wall.ReadAsync(
                    connection,
                    scope.Tenant,
                    command,
                    (reader, reading) => ReadChangesAsync(reader, since, limit, maxBytes, reading),
                    token
                );
            },
            cancellationToken
        );

    /// <inheritdoc />
    public Task<ImmutableArray<MemoryEvent>> ReadHistoryAsync(
        string tenant,
        string id,
        DateTimeOffset at,
        int limit,
        CancellationToken cancellationToken
    ) =>
        FactRows.ParseId(id) is not { } key
            ? Task.FromResult<ImmutableArray<MemoryEvent>>([])
            : RunAsync(
                (connection, token) =>
                {
                    var command = new NpgsqlBatchCommand(SqlScripts.ReadMemoryHistory);
                    command.Parameters.Text(tenant).Uuid(key).Instant(at).Bigint(limit);
                    return _store.Wall.ReadAsync(
                        connection,
                        tenant,
                        command,
                        (reader, reading) => FactHistory.ReadAsync(reader, limit, reading),
                        token
                    );
                },
                cancellationToken
            );

    private static async Task<FactChanges?> ReadChangesAsync(
        NpgsqlDataReader reader,
        FactMark since,
        int limit,
        long maxBytes,
        CancellationToken cancellationToken
    )
    {
        var live = new List<StoredFact>();
        var gone = new List<string>();
        FactMark mark = default;
        bool anew = false;
        while (!anew && await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            mark = FactMarks.Create(reader.GetString(0), reader.GetString(1));
            bool any = !reader.IsDBNull(3);
            anew =
                !FactMarks.IsOf(since, reader.GetString(0)) || (any && reader.GetInt64(2) > maxBytes) || live.Count + gone.Count == limit;
            if (!any || anew)
            {
                continue;
            }

            if (reader.GetInt16(3) == 0)
            {
                live.Add(FactRows.Read(reader, ChangeColumn, ChangeColumn + FactRows.Columns));
            }
            else
            {
                gone.Add(FactRows.FormatId(reader.GetGuid(ChangeColumn + 1)));
            }
        }

        return anew ? null : new FactChanges(live, gone, mark);
    }
}
