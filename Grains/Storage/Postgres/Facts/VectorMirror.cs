using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Npgsql;
using NpgsqlTypes;
using OrleansMemory.Grains.Storage.Postgres.Schema;

namespace OrleansMemory.Grains.Storage.Postgres.Facts;

/// <summary>
/// The vectors once more, as what the extension <c>vector</c> (pgvector) compares; only where the database has it. No one installs it: that
/// is the operator's.
/// </summary>
internal sealed class VectorMirror
{
    private const string ExtensionSchema = "{vectors}";

    private readonly string _write;
    private readonly ScopedStatement _nearest;
    private Guid _walked;
    private volatile bool _isComplete;

    private VectorMirror(string schema)
    {
        _write = SqlScripts.MirrorVectors.Replace(ExtensionSchema, schema, StringComparison.Ordinal);
        _nearest = new ScopedStatement(SqlScripts.FindNearestMemories.Replace(ExtensionSchema, schema, StringComparison.Ordinal));
    }

    /// <summary>Whether it has all vectors: those from before it was there, too.</summary>
    public bool IsComplete => _isComplete;

    /// <summary>Opens the mirror, and makes its table where that is missing.</summary>
    /// <param name="connection">The database.</param>
    /// <returns>The mirror; <see langword="null"/> when the database does not have the extension, or we may not use it.</returns>
    public static async Task<VectorMirror?> OpenAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(SqlScripts.FindVectorExtension, connection);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
        if (!await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        (string schema, string ours, bool isReady) = (reader.GetString(0), reader.GetString(1), reader.GetBoolean(2));
        await reader.CloseAsync().ConfigureAwait(false);
        if (!isReady)
        {
            try
            {
                await CreateAsync(connection, schema, ours, cancellationToken).ConfigureAwait(false);
            }
            catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.InsufficientPrivilege)
            {
                // The next migration makes it; until then vectors are searched in memory, as without the extension.
                return null;
            }
        }

        return new VectorMirror(schema);
    }

    /// <summary>Writes vectors, within the transaction that saves them or has locked them.</summary>
    /// <param name="vectors">The vectors. Of those that the extension does not take nothing stays.</param>
    /// <returns>A task that ends when they are written.</returns>
    public async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<MirroredVector> vectors, CancellationToken cancellationToken)
    {
        if (vectors.Count == 0)
        {
            return;
        }

        var command = new NpgsqlCommand(_write, connection);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        new ColumnArrays<MirroredVector>(command.Parameters, vectors)
            .Uuid(row => row.Id)
            .Text(row => row.Model)
            .Text(row => VectorText.Write(row.Vector.Span));
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Goes on through the vectors that were there before the mirror, and writes those that it lacks. One at a time may do so.
    /// </summary>
    /// <param name="connection">The database.</param>
    /// <param name="limit">The most vectors to look at.</param>
    /// <returns>How many were looked at; fewer than the limit when it has come to the end.</returns>
    public async Task<int> StepAsync(NpgsqlConnection connection, int limit, CancellationToken cancellationToken)
    {
        if (_isComplete)
        {
            return 0;
        }

        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable _ = transaction.ConfigureAwait(false);
        List<(Guid Id, bool IsMissing)> step = await ReadStepAsync(connection, limit, cancellationToken).ConfigureAwait(false);
        Guid[] missing = [.. step.Where(row => row.IsMissing).Select(row => row.Id)];
        await WriteAsync(connection, await LockAsync(connection, missing, cancellationToken).ConfigureAwait(false), cancellationToken)
            .ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        _walked = step.Count > 0 ? step[^1].Id : _walked;
        _isComplete = step.Count < limit;
        return step.Count;
    }

    /// <summary>Finds the nearest memories.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="search">What to look for.</param>
    /// <param name="cancellationToken">Ends the wait, and the search.</param>
    /// <returns>The nearest first.</returns>
    public async Task<IReadOnlyList<VectorHit>> FindAsync(
        NpgsqlConnection connection,
        NearestFacts search,
        CancellationToken cancellationToken
    )
    {
        var sql = new NpgsqlBatch(connection);
        await using ConfiguredAsyncDisposable _ = sql.ConfigureAwait(false);
        sql.BatchCommands.Add(new NpgsqlBatchCommand(SqlScripts.PlanForValues));
        NpgsqlBatchCommand command = _nearest.For(search.Scope);
        command
            .Parameters.Text(search.Model)
            .Text(VectorText.Write(search.Vector.Span))
            .Instant(search.At)
            .Integer((int?)search.Kind)
            .Array([.. search.Labels], NpgsqlDbType.Text)
            .Bigint(search.From)
            .Bigint(search.Limit);
        sql.BatchCommands.Add(command);
        NpgsqlDataReader reader = await sql.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        var hits = new List<VectorHit>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            hits.Add(new VectorHit(FactRows.FormatId(reader.GetGuid(0)), (float)reader.GetDouble(1)));
        }

        return hits;
    }

    private static async Task CreateAsync(NpgsqlConnection connection, string schema, string ours, CancellationToken cancellationToken)
    {
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable _ = transaction.ConfigureAwait(false);
        var locking = new NpgsqlCommand(SqlScripts.LockSchema, connection);
        await using ConfiguredAsyncDisposable __ = locking.ConfigureAwait(false);
        locking.Parameters.Text(SchemaMigrator.LockOf(ours));
        await locking.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        var command = new NpgsqlCommand(SqlScripts.MemoryEmbedding.Replace(ExtensionSchema, schema, StringComparison.Ordinal), connection);
        await using ConfiguredAsyncDisposable ___ = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<List<MirroredVector>> LockAsync(NpgsqlConnection connection, Guid[] ids, CancellationToken cancellationToken)
    {
        var vectors = new List<MirroredVector>();
        if (ids.Length == 0)
        {
            return vectors;
        }

        var command = new NpgsqlCommand(SqlScripts.LockVectors, connection);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        command.Parameters.Array(ids, NpgsqlDbType.Uuid);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            float[] vector = MemoryMarshal.Cast<byte, float>(reader.GetFieldValue<byte[]>(2)).ToArray();
            vectors.Add(new MirroredVector(reader.GetGuid(0), reader.GetString(1), vector));
        }

        return vectors;
    }

    private async Task<List<(Guid Id, bool IsMissing)>> ReadStepAsync(
        NpgsqlConnection connection,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(SqlScripts.FindUnmirroredVectors, connection);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        command.Parameters.Uuid(_walked).Bigint(limit);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
        var step = new List<(Guid, bool)>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            step.Add((reader.GetGuid(0), reader.GetBoolean(1)));
        }

        return step;
    }
}

/// <summary>A vector that is saved, to be written once more as what the extension compares.</summary>
/// <param name="Id">The memory.</param>
internal readonly record struct MirroredVector(Guid Id, string Model, ReadOnlyMemory<float> Vector);
