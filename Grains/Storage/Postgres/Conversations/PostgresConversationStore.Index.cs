using Npgsql;
using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Storage.Postgres.Conversations;

internal sealed partial class PostgresConversationStore
{
    private const int IndexStepMessages = 1_000;
    private const int IndexStepBytes = 4 * 1024 * 1024;

    /// <summary>Indexes rows of one life in steps, each a transaction of its own: an interrupted search has not worked in vain.</summary>
    private async Task IndexAsync(UnindexedRows rows, CancellationToken cancellationToken)
    {
        bool more = true;
        while (more)
        {
            more = await RunAsync((connection, token) => IndexStepAsync(connection, rows, token), ReadAttempts, cancellationToken)
                .ConfigureAwait(false);
        }
    }

    /// <summary>Indexes the next rows, unless the life is gone.</summary>
    /// <returns>Whether there are more to index.</returns>
    private static async Task<bool> IndexStepAsync(NpgsqlConnection connection, UnindexedRows rows, CancellationToken cancellationToken)
    {
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        if (!await LockIndexingAsync(connection, rows.StoreId, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        // A statement of its own, so that it sees all that was indexed and swept before the lock was taken.
        List<IndexedRow> step = await ReadUnindexedAsync(connection, rows, cancellationToken).ConfigureAwait(false);
        long through = step.Count == 0 ? rows.Through : step[^1].Sequence;
        await WriteIndexedAsync(connection, rows.StoreId, through, step, cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return through < rows.Through;
    }

    private static async Task<bool> LockIndexingAsync(NpgsqlConnection connection, long storeId, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(SqlScripts.LockIndexing, connection);
        await using var _ = command.ConfigureAwait(false);
        command.Parameters.Bigint(storeId);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        return await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<List<IndexedRow>> ReadUnindexedAsync(
        NpgsqlConnection connection,
        UnindexedRows rows,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(SqlScripts.ReadUnindexed, connection);
        await using var _ = command.ConfigureAwait(false);
        command
            .Parameters.Bigint(rows.StoreId)
            .Bigint(rows.Through)
            .Smallint(Lexemes.Analysis)
            .Bigint(IndexStepMessages)
            .Bigint(IndexStepBytes);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        var read = new List<IndexedRow>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            TermVector vector = TermVector.Of(ContentsText.Read(reader.GetString(2)));
            string? terms = vector.IsEmpty ? null : TextSearchLiterals.Vector(rows.StoreId, vector);
            read.Add(new IndexedRow(reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1), terms));
        }

        return read;
    }

    private static async Task WriteIndexedAsync(
        NpgsqlConnection connection,
        long storeId,
        long through,
        List<IndexedRow> step,
        CancellationToken cancellationToken
    )
    {
        var sql = new NpgsqlBatch(connection);
        await using var _ = sql.ConfigureAwait(false);
        var clear = new NpgsqlBatchCommand(SqlScripts.ClearIndexed);
        clear.Parameters.Bigint(storeId).Bigint(through).Smallint(Lexemes.Analysis);
        sql.BatchCommands.Add(clear);
        List<IndexedRow> texts = step.FindAll(row => row.Terms is not null);
        if (texts.Count > 0)
        {
            var index = new NpgsqlBatchCommand(SqlScripts.IndexMessages);
            index.Parameters.Bigint(storeId);
            new ColumnArrays<IndexedRow>(index.Parameters, texts)
                .Bigint(row => row.Sequence)
                .Instant(row => row.Created)
                .Text(row => row.Terms);
            sql.BatchCommands.Add(index);
        }

        var record = new NpgsqlBatchCommand(SqlScripts.RecordIndexed);
        record.Parameters.Bigint(storeId).Bigint(through).Smallint(Lexemes.Analysis);
        sql.BatchCommands.Add(record);
        await sql.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What is indexed of a message; no terms when it has no text.</summary>
    private readonly record struct IndexedRow(long Sequence, DateTimeOffset Created, string? Terms);
}
