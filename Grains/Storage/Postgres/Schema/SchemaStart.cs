using Microsoft.Extensions.Logging;
using Npgsql;
using OrleansMemory.Grains.Storage.Postgres.Facts;

namespace OrleansMemory.Grains.Storage.Postgres.Schema;

/// <summary>
/// Brings the schema to this build's version when the store is opened: by the account that may change it, and only where there is something
/// to change.
/// </summary>
/// <param name="options">Validated options.</param>
/// <param name="migrator">Knows the scripts.</param>
internal sealed class SchemaStart(PostgresStorageOptions options, SchemaMigrator migrator)
{
    private readonly string? _reader = string.IsNullOrEmpty(options.ReadingRole) ? null : options.ReadingRole;

    /// <summary>Makes the start for the scripts of this build.</summary>
    /// <param name="options">Validated options.</param>
    public static SchemaStart Create(PostgresStorageOptions options, ILoggerFactory loggers) =>
        new(options, new SchemaMigrator(options.Schema, SqlScripts.Schema(), loggers.CreateLogger<SchemaMigrator>()));

    /// <summary>Says what would be run. Nothing is changed.</summary>
    /// <returns>The scripts that have not been run yet, and the newest number in the database, 0 for none.</returns>
    /// <exception cref="SchemaMismatchException">The database was made by other scripts, or by newer ones.</exception>
    public async Task<(IReadOnlyList<SchemaScript> Pending, int Newest)> FindPendingAsync(CancellationToken cancellationToken)
    {
        NpgsqlDataSource source = PostgresConnections.ForMigrating(options);
        await using var _ = source.ConfigureAwait(false);
        return await migrator.FindPendingAsync(source, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>For a silo: runs what has not been run yet, and checks the reading role.</summary>
    /// <param name="cancellationToken">Ends the wait; nothing is changed then.</param>
    /// <returns>A task that ends when the store can be opened.</returns>
    /// <exception cref="SchemaMismatchException">The database was made by other scripts, or by newer ones.</exception>
    /// <exception cref="SchemaRightsException">There is something to run, and the account may not.</exception>
    /// <exception cref="DatabaseStartException">The reading role cannot be one.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        NpgsqlDataSource source = PostgresConnections.ForStarting(options);
        await using var _ = source.ConfigureAwait(false);
        if ((await migrator.FindPendingAsync(source, cancellationToken).ConfigureAwait(false)).Pending.Count > 0)
        {
            await ChangeAsync(migrations => migrator.MigrateAsync(migrations, cancellationToken)).ConfigureAwait(false);
        }

        if (_reader is not null && !await ReadingRole.CheckAsync(source, _reader, cancellationToken).ConfigureAwait(false))
        {
            await ChangeAsync(migrations => ReadingRole.SecureAsync(migrations, options.Schema, _reader, cancellationToken))
                .ConfigureAwait(false);
        }
    }

    /// <summary>For an operator: runs everything that a start may need, so that an account may start that can change nothing.</summary>
    /// <param name="cancellationToken">Ends the wait; nothing is changed then.</param>
    /// <exception cref="SchemaMismatchException">The database was made by other scripts, or by newer ones.</exception>
    /// <exception cref="SchemaRightsException">The account may not.</exception>
    /// <exception cref="DatabaseStartException">The reading role cannot be one.</exception>
    public Task MigrateAsync(CancellationToken cancellationToken) =>
        ChangeAsync(async migrations =>
        {
            await migrator.MigrateAsync(migrations, cancellationToken).ConfigureAwait(false);
            if (_reader is not null)
            {
                await ReadingRole.SecureAsync(migrations, options.Schema, _reader, cancellationToken).ConfigureAwait(false);
            }

            NpgsqlConnection connection = await migrations.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using var _ = connection.ConfigureAwait(false);
            await VectorMirror.OpenAsync(connection, cancellationToken).ConfigureAwait(false);
        });

    private async Task ChangeAsync(Func<NpgsqlDataSource, Task> change)
    {
        NpgsqlDataSource migrations = PostgresConnections.ForMigrating(options);
        await using var _ = migrations.ConfigureAwait(false);
        try
        {
            await change(migrations).ConfigureAwait(false);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new SchemaRightsException(failure);
        }
    }
}

/// <summary>The schema must be changed, and the account may not. What the start says of it is <see cref="DatabaseStart"/>'s.</summary>
/// <param name="cause">What PostgreSQL said.</param>
internal sealed class SchemaRightsException(Exception cause) : Exception("The schema must be changed, and the account may not.", cause);
