using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using OrleansMemory.Grains.Diagnostics;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>
/// Brings a schema to the newest version: numbered scripts, each run once, under one advisory lock and in one transaction. It refuses a database whose
/// scripts differ from ours, or that is newer than we are.
/// </summary>
internal sealed partial class SchemaMigrator
{
    private readonly string _schema;
    private readonly IReadOnlyList<SchemaScript> _scripts;
    private readonly ILogger _logger;

    /// <summary>Makes a migrator.</summary>
    /// <param name="schema">The schema, already validated.</param>
    /// <param name="scripts">The scripts, in the order of their numbers.</param>
    /// <param name="logger">Is told of every script that runs.</param>
    public SchemaMigrator(string schema, IReadOnlyList<SchemaScript> scripts, ILogger logger)
    {
        _schema = schema;
        _scripts = scripts;
        _logger = logger;
    }

    /// <summary>Runs what has not been run yet.</summary>
    /// <param name="dataSource">The database, with our schema on its search path.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is changed then.</param>
    /// <returns>How many scripts ran.</returns>
    /// <exception cref="SchemaMismatchException">The database was made by other scripts, or by newer ones.</exception>
    public async Task<int> MigrateAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable _ = connection.ConfigureAwait(false);
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable __ = transaction.ConfigureAwait(false);

        await LockAsync(connection, cancellationToken).ConfigureAwait(false);
        if (!await SchemaExistsAsync(connection, cancellationToken).ConfigureAwait(false))
        {
            await RunAsync(connection, $"create schema \"{_schema}\"", cancellationToken).ConfigureAwait(false);
        }

        await RunAsync(connection, SqlScripts.CreateSchemaVersion, cancellationToken).ConfigureAwait(false);
        Dictionary<int, string> applied = await ReadAppliedAsync(connection, cancellationToken).ConfigureAwait(false);
        Check(applied);

        int count = 0;
        foreach (SchemaScript script in _scripts.Where(script => !applied.ContainsKey(script.Number)))
        {
            await RunAsync(connection, script.Text, cancellationToken).ConfigureAwait(false);
            await RecordAsync(connection, script, cancellationToken).ConfigureAwait(false);
            LogApplied(script.Number, script.Name);
            count++;
        }

        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return count;
    }

    /// <summary>What identifies a script's text: the SHA-256 of its UTF-8 form, in hexadecimal.</summary>
    /// <param name="script">The script.</param>
    /// <returns>The checksum.</returns>
    internal static string Checksum(SchemaScript script) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(script.Text)));

    /// <summary>What the advisory lock is made of under which a schema is changed.</summary>
    /// <param name="schema">The schema.</param>
    /// <returns>The name of the lock.</returns>
    internal static string LockOf(string schema) => "orleans_memory:" + schema;

    private void Check(Dictionary<int, string> applied)
    {
        foreach ((int number, string checksum) in applied)
        {
            SchemaScript script = _scripts.FirstOrDefault(candidate => candidate.Number == number)
                ?? throw new SchemaMismatchException(number, FormattableString.Invariant(
                    $"The database has schema version {number}, which this build does not know (its newest is {_scripts[^1].Number}). Run a newer build."));
            if (!string.Equals(checksum, Checksum(script), StringComparison.Ordinal))
            {
                throw new SchemaMismatchException(number, FormattableString.Invariant(
                    $"Schema script {number} was applied with another text than this build holds. Scripts are frozen: add a new one instead."));
            }
        }
    }

    private async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = new(SqlScripts.LockSchema, connection);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = LockOf(_schema), NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> SchemaExistsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = new(SqlScripts.FindSchema, connection);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = _schema, NpgsqlDbType = NpgsqlDbType.Text });
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = new(sql, connection);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<Dictionary<int, string>> ReadAppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = new(SqlScripts.ReadSchemaVersions, connection);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
        var applied = new Dictionary<int, string>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            applied.Add(reader.GetInt32(0), reader.GetString(1));
        }

        return applied;
    }

    private static async Task RecordAsync(NpgsqlConnection connection, SchemaScript script, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = new(SqlScripts.RecordSchemaVersion, connection);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = script.Number });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = script.Name });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Checksum(script) });
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    [LoggerMessage(EventIds.MigrationApplied, LogLevel.Information, "Applied schema script {Number} {Name}")]
    private partial void LogApplied(int number, string name);
}
