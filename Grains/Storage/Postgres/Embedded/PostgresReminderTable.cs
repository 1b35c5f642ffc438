using System.Globalization;
using System.Runtime.CompilerServices;
using Npgsql;
using OrleansMemory.Grains.Hosting;

namespace OrleansMemory.Grains.Storage.Postgres.Embedded;

/// <summary>Reminders of the embedded host in PostgreSQL, beside the conversations: they outlive the process. Times are kept in whole microseconds.</summary>
/// <param name="lifetime">The open store, whose connections are used.</param>
internal sealed class PostgresReminderTable(PostgresStoreLifetime lifetime) : IReminderTable
{
    private const int Attempts = 4;

    public Task<ReminderTableData> ReadRows(GrainId grainId) => RunAsync(
        SqlScripts.ReadRemindersOfGrain, parameters => parameters.Text(grainId.ToString()), ReadAllAsync);

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => RunAsync(
        SqlScripts.ReadReminders, parameters => parameters.Bigint(begin).Bigint(end), ReadAllAsync);

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => RunAsync(
        SqlScripts.ReadReminder,
        parameters => parameters.Text(grainId.ToString()).Text(reminderName),
        async (reader, token) => await reader.ReadAsync(token).ConfigureAwait(false) ? ReadEntry(reader) : null);

    public Task<string?> UpsertRow(ReminderEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return RunAsync<string?>(
            SqlScripts.UpsertReminder,
            parameters => parameters.Text(entry.GrainId.ToString()).Text(entry.ReminderName).Bigint(entry.GrainId.GetUniformHashCode())
                .Instant(new DateTimeOffset(DateTime.SpecifyKind(entry.StartAt, DateTimeKind.Utc))).Bigint(entry.Period.Ticks / TimeSpan.TicksPerMicrosecond),
            async (reader, token) =>
            {
                await reader.ReadAsync(token).ConfigureAwait(false);
                return ETag(reader.GetInt64(0));
            });
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => long.TryParse(eTag, NumberStyles.None, CultureInfo.InvariantCulture, out long etag)
        ? RunAsync(
            SqlScripts.RemoveReminder,
            parameters => parameters.Text(grainId.ToString()).Text(reminderName).Bigint(etag),
            (reader, token) => reader.ReadAsync(token))
        : Task.FromResult(false);

    public Task TestOnlyClearTable() => RunAsync(SqlScripts.ClearReminders, _ => { }, (reader, token) => reader.ReadAsync(token));

    private Task<T> RunAsync<T>(
        string sql, Action<NpgsqlParameterCollection> bind, Func<NpgsqlDataReader, CancellationToken, Task<T>> read) => lifetime.Store.RunAsync(
        async (connection, token) =>
        {
            var command = new NpgsqlCommand(sql, connection);
            await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
            bind(command.Parameters);
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
            await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
            return await read(reader, token).ConfigureAwait(false);
        },
        Attempts,
        CancellationToken.None);

    private static async Task<ReminderTableData> ReadAllAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var entries = new List<ReminderEntry>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            entries.Add(ReadEntry(reader));
        }

        return new ReminderTableData(entries);
    }

    private static ReminderEntry ReadEntry(NpgsqlDataReader reader) => new()
    {
        GrainId = GrainId.Parse(reader.GetString(0)),
        ReminderName = reader.GetString(1),
        StartAt = reader.GetFieldValue<DateTimeOffset>(2).UtcDateTime,
        Period = TimeSpan.FromTicks(reader.GetInt64(3) * TimeSpan.TicksPerMicrosecond),
        ETag = ETag(reader.GetInt64(4)),
    };

    private static string ETag(long value) => value.ToString(CultureInfo.InvariantCulture);
}
