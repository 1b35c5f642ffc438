using System.Runtime.CompilerServices;
using Npgsql;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>Makes the roles of a PostgreSQL server that serves one silo alone.</summary>
public static class PostgresRoles
{
    /// <summary>The role that owns our schema and is no superuser.</summary>
    public const string Owner = "orleans_memory";

    /// <summary>The role for <see cref="PostgresStorageOptions.ReadingRole"/>; <see cref="Owner"/> may become it.</summary>
    public const string Reader = "orleans_memory_reader";

    /// <summary>
    /// Makes both roles where they are missing, without passwords, and hands over to <see cref="Owner"/> whatever others own in the
    /// database's own schemas.
    /// </summary>
    /// <param name="connectionString">The database, as a superuser.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when <see cref="Owner"/> can connect.</returns>
    /// <exception cref="NpgsqlException">The database cannot be reached, or the account may not.</exception>
    public static async Task MakeAsync(string connectionString, CancellationToken cancellationToken = default)
    {
        var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false });
        await using ConfiguredAsyncDisposable _ = source.ConfigureAwait(false);
        NpgsqlCommand command = source.CreateCommand(SqlScripts.MakeSiloRole);
        await using ConfiguredAsyncDisposable __ = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
