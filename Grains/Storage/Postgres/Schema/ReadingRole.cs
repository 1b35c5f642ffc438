using System.Runtime.CompilerServices;
using Npgsql;

namespace OrleansMemory.Grains.Storage.Postgres.Schema;

/// <summary>Checks the role that <see cref="TenantWall"/> reads as, and puts its policies in place.</summary>
internal static class ReadingRole
{
    private const string Placeholder = "{reader}";
    private const string Setting = $"{nameof(PostgresStorageOptions)}.{nameof(PostgresStorageOptions.ReadingRole)}";

    /// <summary>Checks the role.</summary>
    /// <param name="source">The database, as the account that will read.</param>
    /// <returns>Whether its policies are all there.</returns>
    /// <exception cref="DatabaseStartException">It does not exist, or cannot be a reading role.</exception>
    public static async Task<bool> CheckAsync(NpgsqlDataSource source, string role, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = source.CreateCommand(SqlScripts.CheckReadingRole);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        command.Parameters.Text(role);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        string? fault = (reader.GetBoolean(0), reader.GetBoolean(1), reader.GetBoolean(2), reader.GetBoolean(3)) switch
        {
            (false, _, _, _) =>
                $"names the role '{role}', which does not exist. Create it (create role {role} nologin), or leave the setting out.",
            (_, false, _, _) =>
                $"names the role '{role}', which the account of the connection string may not become. Grant it (grant {role} to the account).",
            (_, _, false, _) =>
                $"names the role '{role}', which row security does not bind: it is a superuser, has bypassrls or owns the tables. Name one that is nothing of that.",
            (_, _, _, true) =>
                $"names the role '{role}', whose rights the account of the connection string inherits, and with them its walls. Make the account noinherit, and on PostgreSQL 16 or later grant the role with inherit false.",
            _ => null,
        };
        return fault is null ? reader.GetBoolean(4) : throw new DatabaseStartException($"{Setting} {fault}");
    }

    /// <summary>Puts its policies in place.</summary>
    /// <param name="source">The database, as the owner of the tables.</param>
    /// <param name="schema">Our schema.</param>
    /// <param name="role">The role, already validated.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is changed then.</param>
    public static async Task SecureAsync(NpgsqlDataSource source, string schema, string role, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable _ = connection.ConfigureAwait(false);
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable __ = transaction.ConfigureAwait(false);
        var locking = new NpgsqlCommand(SqlScripts.LockSchema, connection);
        await using ConfiguredAsyncDisposable ___ = locking.ConfigureAwait(false);
        locking.Parameters.Text(SchemaMigrator.LockOf(schema));
        await locking.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        var command = new NpgsqlCommand(SqlScripts.RowSecurity.Replace(Placeholder, $"\"{role}\"", StringComparison.Ordinal), connection);
        await using ConfiguredAsyncDisposable ____ = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }
}
