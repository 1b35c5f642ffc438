using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using OrleansMemory.Diagnostics;
using OrleansMemory.Grains.Diagnostics;

namespace OrleansMemory.Grains.Storage.Postgres.Schema;

/// <summary>
/// Brings a schema to the newest version: numbered scripts, each run once, under one advisory lock and in one transaction. It refuses a
/// database whose scripts differ from ours, or that is newer than we are, unless what is newer only expands it.
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
        using Activity? activity = MemoryActivities.Source.StartActivity(MemoryActivities.Migrate);
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
        await CheckAsync(connection, applied, cancellationToken).ConfigureAwait(false);

        int count = 0;
        foreach (SchemaScript script in _scripts.Where(script => !applied.ContainsKey(script.Number)))
        {
            await RunAsync(connection, script.Text, cancellationToken).ConfigureAwait(false);
            await RecordAsync(connection, script, cancellationToken).ConfigureAwait(false);
            LogApplied(script.Number, script.Name);
            count++;
        }

        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        activity?.SetTag(MemoryActivities.Scripts, count);
        return count;
    }

    /// <summary>Asks what would be run. Nothing is changed.</summary>
    /// <param name="dataSource">The database, with our schema on its search path.</param>
    /// <returns>The scripts that have not been run yet, and the newest number in the database, 0 for none.</returns>
    /// <exception cref="SchemaMismatchException">The database was made by other scripts, or by newer ones.</exception>
    public async Task<(IReadOnlyList<SchemaScript> Pending, int Newest)> FindPendingAsync(
        NpgsqlDataSource dataSource,
        CancellationToken cancellationToken
    )
    {
        NpgsqlConnection connection = await dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable _ = connection.ConfigureAwait(false);
        if (!await IsMadeAsync(connection, cancellationToken).ConfigureAwait(false))
        {
            return (_scripts, 0);
        }

        Dictionary<int, string> applied = await ReadAppliedAsync(connection, cancellationToken).ConfigureAwait(false);
        await CheckAsync(connection, applied, cancellationToken).ConfigureAwait(false);
        return ([.. _scripts.Where(script => !applied.ContainsKey(script.Number))], applied.Count == 0 ? 0 : applied.Keys.Max());
    }

    /// <summary>What identifies a script's text: the SHA-256 of its UTF-8 form, in hexadecimal.</summary>
    internal static string Checksum(SchemaScript script) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(script.Text)));

    /// <summary>What the advisory lock is made of under which a schema is changed.</summary>
    internal static string LockOf(string schema) => "orleans_memory:" + schema;

    private async Task CheckAsync(NpgsqlConnection connection, Dictionary<int, string> applied, CancellationToken cancellationToken)
    {
        int known = _scripts[^1].Number;
        if (applied.Keys.Any(number => number > known))
        {
            if (await FindContractingAsync(connection, known, cancellationToken).ConfigureAwait(false) is { } contracting)
            {
                throw new SchemaMismatchException(
                    contracting,
                    FormattableString.Invariant(
                        $"The database has schema version {contracting}, which this build does not know (its newest is {known}). Run a newer build."
                    )
                );
            }

            LogNewer(applied.Keys.Max(), known);
        }

        foreach (SchemaScript script in _scripts)
        {
            if (
                applied.TryGetValue(script.Number, out string? checksum)
                && !string.Equals(checksum, Checksum(script), StringComparison.Ordinal)
            )
            {
                throw new SchemaMismatchException(
                    script.Number,
                    FormattableString.Invariant(
                        $"Schema script {script.Number} was applied with another text than this build holds. Scripts are frozen: add a new one instead."
                    )
                );
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
        if (script.Expands)
        {
            NpgsqlCommand mark = new(SqlScripts.MarkExpanding, connection);
            await using ConfiguredAsyncDisposable __ = mark.ConfigureAwait(false);
            mark.Parameters.Integer(script.Number);
            await mark.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<int?> FindContractingAsync(NpgsqlConnection connection, int known, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = new(SqlScripts.FindContracting, connection);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        command.Parameters.Integer(known);
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) as int?;
    }

    private static async Task<bool> IsMadeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = new(SqlScripts.FindSchemaVersions, connection);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true;
    }

    [LoggerMessage(
        EventIds.SchemaIsNewer,
        LogLevel.Information,
        "The schema is newer ({Version}) than this build ({Known}); what is newer only expands it"
    )]
    private partial void LogNewer(int version, int known);

    [LoggerMessage(EventIds.MigrationApplied, LogLevel.Information, "Applied schema script {Number} {Name}")]
    private partial void LogApplied(int number, string name);
}
