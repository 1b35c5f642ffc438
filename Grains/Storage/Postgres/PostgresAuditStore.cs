using System.Runtime.CompilerServices;
using Npgsql;
using OrleansMemory.Auditing;
using OrleansMemory.Grains.Storage.Postgres.Conversations;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>The audit trail in the table <c>audit</c>.</summary>
/// <param name="store">Where connections come from.</param>
internal sealed class PostgresAuditStore(PostgresConversationStore store) : IAuditStore
{
    private const int Attempts = 4;

    private byte[]? _key;

    /// <inheritdoc />
    public Task<long> BeginAsync(AuditNote note, CancellationToken cancellationToken) =>
        store.RunAsync(
            async (connection, token) =>
            {
                byte[]? subject = await HashAsync(connection, note.Tenant, note.Subject, token).ConfigureAwait(false);
                var command = new NpgsqlCommand(SqlScripts.BeginAudit, connection);
                await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
                command
                    .Parameters.Instant(note.At)
                    .Text(note.Tenant)
                    .Text(note.Action)
                    .Text(note.Actor)
                    .Bytes(subject)
                    .Json(note.Counts)
                    .Boolean(note.IsOver);
                return (long)(await command.ExecuteScalarAsync(token).ConfigureAwait(false))!;
            },
            Attempts,
            cancellationToken
        );

    /// <inheritdoc />
    public Task CompleteAsync(long id, DateTimeOffset at, string? counts, CancellationToken cancellationToken) =>
        store.RunAsync(
            async (connection, token) =>
            {
                var command = new NpgsqlCommand(SqlScripts.CompleteAudit, connection);
                await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
                command.Parameters.Bigint(id).Instant(at).Json(counts);
                return await command.ExecuteNonQueryAsync(token).ConfigureAwait(false);
            },
            Attempts,
            cancellationToken
        );

    /// <inheritdoc />
    public Task<IReadOnlyList<AuditRecord>> ListAsync(AuditList list, CancellationToken cancellationToken) =>
        store.RunAsync<IReadOnlyList<AuditRecord>>(
            async (connection, token) =>
            {
                byte[]? subject = await HashAsync(connection, list.Tenant, list.Subject, token).ConfigureAwait(false);
                var command = new NpgsqlCommand(SqlScripts.ListAudit, connection);
                await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
                command.Parameters.Text(list.Tenant).Bigint(list.Before).Bytes(subject).Bigint(list.Limit);
                NpgsqlDataReader reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
                await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
                var records = new List<AuditRecord>();
                while (await reader.ReadAsync(token).ConfigureAwait(false))
                {
                    records.Add(Read(reader));
                }

                return records;
            },
            Attempts,
            cancellationToken
        );

    /// <inheritdoc />
    public Task<int> SweepAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        store.RunAsync(
            async (connection, token) =>
            {
                var command = new NpgsqlCommand(SqlScripts.SweepAudit, connection);
                await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
                command.Parameters.Instant(before).Bigint(limit);
                return await command.ExecuteNonQueryAsync(token).ConfigureAwait(false);
            },
            Attempts,
            cancellationToken
        );

    private static AuditRecord Read(NpgsqlDataReader reader) =>
        new()
        {
            Id = reader.GetInt64(0),
            At = reader.GetFieldValue<DateTimeOffset>(1),
            CompletedAt = reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2),
            Tenant = reader.GetString(3),
            Action = reader.GetString(4),
            Actor = reader.GetString(5),
            Subject = reader.IsDBNull(6) ? null : Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(6)),
            Counts = reader.IsDBNull(7) ? null : reader.GetString(7),
        };

    private async Task<byte[]?> HashAsync(
        NpgsqlConnection connection,
        string? tenant,
        AuditSubject? subject,
        CancellationToken cancellationToken
    )
    {
        if (subject is null)
        {
            return null;
        }

        if (_key is null)
        {
            var command = new NpgsqlCommand(SqlScripts.ReadAuditKey, connection);
            await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
            _key = (byte[])(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
        }

        return subject.Hash(tenant!, _key);
    }
}
