using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Npgsql;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Storage.Postgres;

internal sealed partial class PostgresFactStore
{
    private const int ChangeColumn = 4;

    /// <inheritdoc />
    public Task<FactMark> MarkAsync(CancellationToken cancellationToken) => RunAsync(
        static async (connection, token) =>
        {
            var command = new NpgsqlCommand(SqlScripts.MarkMemories, connection);
            await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
            await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
            await reader.ReadAsync(token).ConfigureAwait(false);
            return FactMarks.Create(reader.GetString(0), reader.GetString(1));
        },
        cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredFact>> ReadScopeAsync(ScopeRead read, CancellationToken cancellationToken) => RunAsync(
        async (connection, token) =>
        {
            NpgsqlCommand command = SqlScripts.ReadMemories.For(read.Scope, connection);
            await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
            command.Parameters.Bigint(read.Before ?? long.MaxValue).Bigint(read.Limit).Bigint(read.MaxBytes).Text(read.Model);
            return await FactRows.ReadAllAsync(command, vector: FactRows.Columns, token).ConfigureAwait(false);
        },
        cancellationToken);

    /// <inheritdoc />
    public Task<FactChanges?> ReadChangesAsync(
        MemoryScope scope, FactMark since, string? model, int limit, long maxBytes, CancellationToken cancellationToken) => RunAsync(
        async (connection, token) =>
        {
            NpgsqlCommand command = SqlScripts.ReadMemoryChanges.For(scope, connection);
            await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);

            // One more tells that there are too many.
            command.Parameters.Text(FactMarks.SnapshotOf(since)).Bigint(limit + 1L).Bigint(maxBytes).Text(model);
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
            await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
            return await ReadChangesAsync(reader, since, limit, maxBytes, token).ConfigureAwait(false);
        },
        cancellationToken);

    /// <inheritdoc />
    public Task<ImmutableArray<MemoryEvent>> ReadHistoryAsync(
        string tenant, string id, DateTimeOffset at, int limit, CancellationToken cancellationToken) => FactRows.ParseId(id) is not { } key
        ? Task.FromResult<ImmutableArray<MemoryEvent>>([])
        : RunAsync(
            async (connection, token) =>
            {
                var command = new NpgsqlCommand(SqlScripts.ReadMemoryHistory, connection);
                await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
                command.Parameters.Text(tenant).Uuid(key).Instant(at).Bigint(limit);
                NpgsqlDataReader reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
                await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
                return await FactHistory.ReadAsync(reader, limit, token).ConfigureAwait(false);
            },
            cancellationToken);

    private static async Task<FactChanges?> ReadChangesAsync(
        NpgsqlDataReader reader, FactMark since, int limit, long maxBytes, CancellationToken cancellationToken)
    {
        var live = new List<StoredFact>();
        var gone = new List<string>();
        FactMark mark = default;
        bool anew = false;
        while (!anew && await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            mark = FactMarks.Create(reader.GetString(0), reader.GetString(1));
            bool any = !reader.IsDBNull(3);
            anew = !FactMarks.IsOf(since, reader.GetString(0)) || (any && reader.GetInt64(2) > maxBytes) || live.Count + gone.Count == limit;
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
