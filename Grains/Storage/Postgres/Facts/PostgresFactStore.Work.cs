using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Storage.Postgres.Facts;

internal sealed partial class PostgresFactStore
{
    /// <inheritdoc />
    public Task<IReadOnlyList<MemoryScope>> FindScopesToEmbedAsync(string model, int limit, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<MemoryScope>>(
            async (connection, token) =>
            {
                HashSet<MemoryScope> scopes = await ReadScopesAsync(
                        connection,
                        SqlScripts.FindScopesToEmbed,
                        parameters => parameters.Bigint(limit),
                        token
                    )
                    .ConfigureAwait(false);
                foreach (string other in await ReadOtherModelsAsync(connection, model, token).ConfigureAwait(false))
                {
                    scopes.UnionWith(
                        await ReadScopesAsync(
                                connection,
                                SqlScripts.FindScopesOfModel,
                                parameters => parameters.Text(other).Bigint(limit),
                                token
                            )
                            .ConfigureAwait(false)
                    );
                }

                return [.. scopes.Take(limit)];
            },
            cancellationToken
        );

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredFact>> ReadToEmbedAsync(
        MemoryScope scope,
        string model,
        int limit,
        CancellationToken cancellationToken
    ) =>
        RunAsync(
            async (connection, token) =>
            {
                string[] others = await ReadOtherModelsAsync(connection, model, token).ConfigureAwait(false);
                var command = new NpgsqlCommand(SqlScripts.ReadMemoriesToEmbed, connection);
                await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
                command.Parameters.Bigint(OwnerOf(scope)).Text(scope.Tenant).Names(scope).Array(others, NpgsqlDbType.Text).Bigint(limit);
                return await FactRows.ReadAllAsync(command, vector: null, token).ConfigureAwait(false);
            },
            cancellationToken
        );

    /// <inheritdoc />
    public Task<int> SaveVectorsAsync(
        string tenant,
        string model,
        IReadOnlyList<FactVector> vectors,
        CancellationToken cancellationToken
    ) =>
        RunAsync(
            async (connection, token) =>
            {
                // Of two vectors of one memory the last one counts.
                Dictionary<Guid, FactVector> byId = [];
                foreach (FactVector vector in vectors)
                {
                    if (FactRows.ParseId(vector.Id) is { } id)
                    {
                        byId[id] = vector;
                    }
                }

                NpgsqlTransaction transaction = await connection.BeginTransactionAsync(token).ConfigureAwait(false);
                await using ConfiguredAsyncDisposable _ = transaction.ConfigureAwait(false);
                Guid[] saved = await PickAsync(
                        new NpgsqlCommand(SqlScripts.SaveVectors, connection),
                        parameters =>
                            new ColumnArrays<KeyValuePair<Guid, FactVector>>(parameters.Text(tenant).Text(model), [.. byId])
                                .Uuid(row => row.Key)
                                .Bigint(row => row.Value.Version)
                                .Bytes(row => FactRows.Bytes(row.Value.Vector)),
                        token
                    )
                    .ConfigureAwait(false);
                if (_mirror is not null)
                {
                    await _mirror
                        .WriteAsync(connection, [.. saved.Select(id => new MirroredVector(id, model, byId[id].Vector))], token)
                        .ConfigureAwait(false);
                }

                await transaction.CommitAsync(token).ConfigureAwait(false);
                return saved.Length;
            },
            cancellationToken
        );

    /// <inheritdoc />
    public Task<IReadOnlyList<MemoryScope>> FindScopesToExtractAsync(int limit, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<MemoryScope>>(
            async (connection, token) =>
                [
                    .. await ReadScopesAsync(connection, SqlScripts.FindScopesToExtract, parameters => parameters.Bigint(limit), token)
                        .ConfigureAwait(false),
                ],
            cancellationToken
        );

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredFact>> ReadToExtractAsync(MemoryScope scope, int limit, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, token) =>
            {
                var command = new NpgsqlCommand(SqlScripts.ReadMemoriesToExtract, connection);
                await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
                command.Parameters.Bigint(OwnerOf(scope)).Text(scope.Tenant).Names(scope).Bigint(limit);
                return await FactRows.ReadAllAsync(command, vector: null, token).ConfigureAwait(false);
            },
            cancellationToken
        );

    private static async Task<HashSet<MemoryScope>> ReadScopesAsync(
        NpgsqlConnection connection,
        string sql,
        Action<NpgsqlParameterCollection> bind,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(sql, connection);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        bind(command.Parameters);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
        var scopes = new HashSet<MemoryScope>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            scopes.Add(
                MemoryScope.Create(
                    reader.GetString(0),
                    FactRows.TextOrNull(reader, 1),
                    FactRows.TextOrNull(reader, 2),
                    FactRows.TextOrNull(reader, 3)
                )
            );
        }

        return scopes;
    }

    private static async Task<string[]> ReadOtherModelsAsync(NpgsqlConnection connection, string model, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(SqlScripts.FindVectorModels, connection);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
        var models = new List<string>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            models.Add(reader.GetString(0));
        }

        return [.. models.Where(other => !string.Equals(other, model, StringComparison.Ordinal))];
    }
}
