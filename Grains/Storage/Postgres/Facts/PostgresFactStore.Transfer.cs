using System.Runtime.CompilerServices;
using Npgsql;
using OrleansMemory.Errors;
using OrleansMemory.Memories;
using OrleansMemory.Users;

namespace OrleansMemory.Grains.Storage.Postgres.Facts;

internal sealed partial class PostgresFactStore
{
    /// <inheritdoc />
    public Task<IReadOnlyList<(long Position, MemoryRecord Record)>> ExportAsync(FactExport export, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<(long Position, MemoryRecord Record)>>(
            async (connection, token) =>
            {
                var command = new NpgsqlCommand(SqlScripts.ExportMemories, connection);
                await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
                command
                    .Parameters.Text(export.User.Tenant)
                    .Text(export.User.UserId)
                    .Bigint(export.After)
                    .Instant(export.Now)
                    .Bigint(export.Limit)
                    .Bigint(export.MaxBytes);
                IReadOnlyList<StoredFact> facts = await FactRows.ReadAllAsync(command, vector: null, token).ConfigureAwait(false);
                return facts.Count == 0 ? [] : await WithHistoriesAsync(connection, facts, export, token).ConfigureAwait(false);
            },
            cancellationToken
        );

    /// <inheritdoc />
    public Task<int> ImportAsync(UserKey user, IReadOnlyList<MemoryRecord> records, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, token) =>
            {
                NpgsqlTransaction transaction = await connection.BeginTransactionAsync(token).ConfigureAwait(false);
                await using ConfiguredAsyncDisposable _ = transaction.ConfigureAwait(false);
                int written = 0;
                foreach (MemoryRecord record in records)
                {
                    written += await ImportAsync(connection, user, record, token).ConfigureAwait(false) ? 1 : 0;
                }

                await transaction.CommitAsync(token).ConfigureAwait(false);
                return written;
            },
            cancellationToken
        );

    private static async Task<IReadOnlyList<(long Position, MemoryRecord Record)>> WithHistoriesAsync(
        NpgsqlConnection connection,
        IReadOnlyList<StoredFact> facts,
        FactExport export,
        CancellationToken cancellationToken
    )
    {
        var batch = new NpgsqlBatch(connection);
        await using ConfiguredAsyncDisposable _ = batch.ConfigureAwait(false);
        foreach (StoredFact stored in facts)
        {
            var history = new NpgsqlBatchCommand(SqlScripts.ReadMemoryHistory);
            history
                .Parameters.Text(export.User.Tenant)
                .Uuid(FactRows.ParseId(stored.Fact.Id)!.Value)
                .Instant(export.Now)
                .Bigint(export.MaxEvents);
            batch.BatchCommands.Add(history);
        }

        NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
        var records = new List<(long, MemoryRecord)>(facts.Count);
        foreach (StoredFact stored in facts)
        {
            records.Add(
                (
                    stored.Position,
                    new MemoryRecord
                    {
                        Fact = stored.Fact,
                        History = await FactHistory.ReadAsync(reader, export.MaxEvents, cancellationToken).ConfigureAwait(false),
                    }
                )
            );
            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        }

        return records;
    }

    /// <returns>Whether it was not there yet.</returns>
    private static async Task<bool> ImportAsync(
        NpgsqlConnection connection,
        UserKey user,
        MemoryRecord record,
        CancellationToken cancellationToken
    )
    {
        for (int attempt = 0; attempt < ImportedIds.Tries; attempt++)
        {
            string id = ImportedIds.Of(user, record.Fact.Id, attempt);
            if (
                await TryImportAsync(connection, user, record, FactRows.ParseId(id)!.Value, cancellationToken).ConfigureAwait(false) is
                { } isNew
            )
            {
                return isNew;
            }
        }

        throw new InvalidRequestException("memory", "This memory has been imported and deleted too often.");
    }

    /// <returns>Whether it was not there yet; <see langword="null"/> where the id is taken by another one.</returns>
    private static async Task<bool?> TryImportAsync(
        NpgsqlConnection connection,
        UserKey user,
        MemoryRecord record,
        Guid id,
        CancellationToken cancellationToken
    )
    {
        MemoryFact fact = record.Fact;
        var scope = MemoryScope.Create(user.Tenant, fact.Agent, user.UserId, fact.Session);
        var command = new NpgsqlCommand(SqlScripts.ImportMemory, connection);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        command
            .Parameters.Uuid(id)
            .Text(user.Tenant)
            .Names(scope)
            .Bigint(OwnerOf(scope))
            .Smallint((short)fact.Kind)
            .Integer(BytesOf(fact))
            .Text(fact.Text)
            .Text(fact.Caption)
            .Text(fact.Role)
            .Text(fact.Speaker)
            .Text(fact.MessageId)
            .Text(fact.ConversationId)
            .Json(fact.Metadata)
            .Json(LabelsJson.Write(fact.Metadata))
            .Instant(fact.OccurredAt)
            .Instant(fact.CreatedAt)
            .Instant(fact.UpdatedAt)
            .Instant(fact.ExpiresAt)
            .Bigint(fact.Version)
            .Boolean(ImportedIds.IsDistilled(record));
        new ColumnArrays<MemoryEvent>(command.Parameters, ImportedIds.Changes(record))
            .Bigint(change => change.Version)
            .Instant(change => change.At)
            .Integer(change => (int)change.Kind)
            .Boolean(change => change.ByExtractor)
            .Text(change => string.Equals(change.PreviousText, change.Text, StringComparison.Ordinal) ? null : change.PreviousText);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (reader.GetBoolean(3))
        {
            return true;
        }

        bool isOurs =
            reader.GetInt16(0) != 2
            && string.Equals(reader.GetString(1), user.Tenant, StringComparison.Ordinal)
            && string.Equals(FactRows.TextOrNull(reader, 2), user.UserId, StringComparison.Ordinal);
        return isOurs ? false : null;
    }
}
