using Npgsql;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Grains.Storage.Postgres.Conversations;

internal sealed partial class PostgresConversationStore
{
    private const short Importing = 1;

    /// <inheritdoc />
    public Task BeginImportAsync(ImportCommit import, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, token) =>
            {
                var command = new NpgsqlCommand(SqlScripts.BeginImport, connection);
                await using var _ = command.ConfigureAwait(false);
                ConversationSettings settings = import.Settings;
                command
                    .Parameters.Bigint(import.StoreId)
                    .Text(import.Key.Tenant)
                    .Text(import.Key.Id)
                    .Bigint(import.FirstSequence)
                    .Bigint(import.LastSequence)
                    .Text(settings.UserId)
                    .Text(settings.AgentId)
                    .Text(settings.Title)
                    .Json(settings.Metadata)
                    .Bigint(settings.TimeToLive.ToMicroseconds())
                    .Boolean(settings.TimeToLive?.Sliding ?? false)
                    .Instant(import.At);
                new ColumnArrays<Entry>(command.Parameters, import.Entries)
                    .Text(entry => entry.Space)
                    .Text(entry => entry.Key)
                    .Json(entry => entry.Value)
                    .Instant(entry => entry.ExpiresAt);
                command.Parameters.Json(LabelsJson.Write(settings)).Instant(import.ExpiresAt);
                return await command.ExecuteNonQueryAsync(token).ConfigureAwait(false);
            },
            attempts: 1,
            cancellationToken,
            () =>
            {
                StorableData.Check(import.Settings);
                StorableData.Check(import.Entries);
            }
        );

    /// <inheritdoc />
    public Task<long> AppendImportAsync(
        ConversationKey key,
        long storeId,
        IReadOnlyList<MessageRow> messages,
        CancellationToken cancellationToken
    ) =>
        RunAsync(
            async (connection, token) =>
            {
                if (messages.Count > 0)
                {
                    await AppendAsync(connection, key, storeId, messages, token).ConfigureAwait(false);
                }

                ImportProgress progress = await FindImportAsync(connection, key, storeId, token).ConfigureAwait(false);
                if (progress.AnnouncedSequence is not { } announced)
                {
                    throw new ImportNotFoundException();
                }

                return messages.Count > 0 && messages[^1].Message.Sequence > announced
                    ? throw ImportRules.BeyondAnnounced(progress.FirstSequence, announced)
                    : progress.LastSequence;
            },
            ReadAttempts,
            cancellationToken,
            () => StorableData.Check(messages)
        );

    /// <inheritdoc />
    public Task<ImportStatus> CompleteImportAsync(
        ConversationKey key,
        long storeId,
        DateTimeOffset at,
        CancellationToken cancellationToken
    ) =>
        RunAsync(
            async (connection, token) =>
            {
                try
                {
                    await PublishAsync(connection, key, storeId, at, token).ConfigureAwait(false);
                }
                catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
                {
                    return ImportStatus.Exists;
                }

                ImportProgress progress = await FindImportAsync(connection, key, storeId, token).ConfigureAwait(false);
                return progress.State switch
                {
                    Live => ImportStatus.Completed,
                    Importing => ImportStatus.Incomplete,
                    _ => throw new ImportNotFoundException(),
                };
            },
            ReadAttempts,
            cancellationToken
        );

    private static async Task AppendAsync(
        NpgsqlConnection connection,
        ConversationKey key,
        long storeId,
        IReadOnlyList<MessageRow> messages,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(SqlScripts.AppendImport, connection);
        await using var _ = command.ConfigureAwait(false);
        command.Parameters.Bigint(storeId).Text(key.Tenant).Text(key.Id);
        new ColumnArrays<MessageRow>(command.Parameters, messages)
            .Bigint(row => row.Message.Sequence)
            .Instant(row => row.Message.Created)
            .Integer(row => row.Bytes)
            .Text(row => row.Message.Role)
            .Text(row => row.Message.Id)
            .Text(row => row.Message.Author)
            .Json(row => row.Message.Contents)
            .Json(row => row.Message.Metadata)
            .Json(row => ToolLinksJson.Write(row.Tools));
        command.Parameters.Bigint(messages[0].Message.Sequence).Bigint(messages[^1].Message.Sequence);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task PublishAsync(
        NpgsqlConnection connection,
        ConversationKey key,
        long storeId,
        DateTimeOffset at,
        CancellationToken cancellationToken
    )
    {
        var sql = new NpgsqlBatch(connection);
        await using var _ = sql.ConfigureAwait(false);
        NpgsqlBatchCommand replace = ByKey(SqlScripts.ReplaceExpiredLife, key);
        replace.Parameters.Instant(at).Bigint(storeId);
        sql.BatchCommands.Add(replace);
        var complete = new NpgsqlBatchCommand(SqlScripts.CompleteImport);
        complete.Parameters.Bigint(storeId).Text(key.Tenant).Text(key.Id).Instant(at);
        sql.BatchCommands.Add(complete);
        await sql.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<ImportProgress> FindImportAsync(
        NpgsqlConnection connection,
        ConversationKey key,
        long storeId,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(SqlScripts.FindImport, connection);
        await using var _ = command.ConfigureAwait(false);
        command.Parameters.Bigint(storeId).Text(key.Tenant).Text(key.Id);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        return await reader.ReadAsync(cancellationToken).ConfigureAwait(false)
            ? new ImportProgress(reader.GetInt16(0), reader.GetInt64(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetInt64(3))
            : throw new ImportNotFoundException();
    }

    /// <summary>How far an import has got.</summary>
    /// <param name="State">The state of its head.</param>
    /// <param name="LastSequence">Its last message so far.</param>
    /// <param name="FirstSequence">The first message that it announced.</param>
    /// <param name="AnnouncedSequence">The last message that it announced; <see langword="null"/> once it is completed.</param>
    private readonly record struct ImportProgress(short State, long LastSequence, long FirstSequence, long? AnnouncedSequence);
}
