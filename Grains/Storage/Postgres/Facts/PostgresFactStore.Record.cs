using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Storage.Postgres.Facts;

internal sealed partial class PostgresFactStore
{
    /// <inheritdoc />
    public Task<RecordResult> RecordAsync(FactRecording recording, CancellationToken cancellationToken) =>
        RunAsync((connection, token) => RecordAsync(connection, recording, token), cancellationToken);

    /// <inheritdoc />
    public Task<RecordResult?> FindRecordingAsync(FactRecording recording, CancellationToken cancellationToken) =>
        recording.Key is not { } key
            ? Task.FromResult<RecordResult?>(null)
            : RunAsync(
                (connection, token) => FindRecordingAsync(connection, HashOf(recording.Scope, key), recording, token),
                cancellationToken
            );

    /// <summary>Records within what the connection is doing. It may be repeated: ids and keys tell what was recorded before.</summary>
    /// <returns>What became of it.</returns>
    internal static async Task<RecordResult> RecordAsync(
        NpgsqlConnection connection,
        FactRecording recording,
        CancellationToken cancellationToken
    )
    {
        ImmutableArray<string> ids = [.. recording.Facts.Select(fact => fact.Id)];
        byte[]? key = recording.Key is null ? null : HashOf(recording.Scope, recording.Key);
        while (true)
        {
            try
            {
                if (await InsertAsync(connection, recording, key, cancellationToken).ConfigureAwait(false) > 0)
                {
                    return new RecordResult(RecordStatus.Recorded, ids, recording.At);
                }
            }
            catch (PostgresException exception) when (PostgresErrors.IsRepetition(exception))
            {
                // Ids are ours alone: an earlier attempt that ended without an answer had recorded them.
                return new RecordResult(RecordStatus.Recorded, ids, recording.At);
            }

            // Without an answer the key was removed meanwhile, and is free.
            if (await FindRecordingAsync(connection, key!, recording, cancellationToken).ConfigureAwait(false) is { } known)
            {
                return known.Status != RecordStatus.Gone && known.Ids.SequenceEqual(ids)
                    ? known with
                    {
                        Status = RecordStatus.Recorded,
                    }
                    : known;
            }
        }
    }

    private static async Task<int> InsertAsync(
        NpgsqlConnection connection,
        FactRecording recording,
        byte[]? key,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(SqlScripts.RecordMemories, connection);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        MemoryScope scope = recording.Scope;
        command
            .Parameters.Bytes(key)
            .Text(scope.Tenant)
            .Names(scope)
            .Bigint(OwnerOf(scope))
            .Bytes([.. recording.PayloadHash])
            .Instant(recording.At)
            .Boolean(recording.Extract)
            .Boolean(recording.Distilled);
        new ColumnArrays<MemoryFact>(command.Parameters, recording.Facts)
            .Uuid(fact => Guid.ParseExact(fact.Id, "N"))
            .Integer(fact => (int)fact.Kind)
            .Integer(BytesOf)
            .Text(fact => fact.Text)
            .Text(fact => fact.Caption)
            .Text(fact => fact.Role)
            .Text(fact => fact.Speaker)
            .Text(fact => fact.MessageId)
            .Text(fact => fact.ConversationId)
            .Json(fact => fact.Metadata)
            .Json(fact => LabelsJson.Write(fact.Metadata))
            .Instant(fact => fact.OccurredAt)
            .Instant(fact => fact.ExpiresAt);
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<RecordResult?> FindRecordingAsync(
        NpgsqlConnection connection,
        byte[] key,
        FactRecording recording,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(SqlScripts.FindRecording, connection);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        command.Parameters.Bytes(key);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
        if (!await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        DateTimeOffset at = reader.GetFieldValue<DateTimeOffset>(2);
        byte[] hash = reader.GetFieldValue<byte[]>(0);
        if (hash.Length == 0)
        {
            return new RecordResult(RecordStatus.Gone, [], at);
        }

        return hash.AsSpan().SequenceEqual(recording.PayloadHash.AsSpan())
            ? new RecordResult(RecordStatus.Replayed, [.. reader.GetFieldValue<Guid[]>(1).Select(FactRows.FormatId)], at)
            : new RecordResult(RecordStatus.Conflict, [], at);
    }

    private static int BytesOf(MemoryFact fact) =>
        Encoding.UTF8.GetByteCount(fact.Text)
        + Encoding.UTF8.GetByteCount(fact.Caption ?? "")
        + Encoding.UTF8.GetByteCount(fact.Metadata ?? "");

    /// <summary>What stands for an owner in indexes. Another owner may have the same number; statements compare the names too.</summary>
    private static long OwnerOf(MemoryScope scope) =>
        BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(scope.ToString())));

    /// <summary>What stands for a key of a scope. A scope's text has no space, so no two pairs have one text.</summary>
    private static byte[] HashOf(MemoryScope scope, string key) => SHA256.HashData(Encoding.UTF8.GetBytes($"{scope} {key}"));
}
