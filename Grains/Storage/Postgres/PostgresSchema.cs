using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansMemory.Grains.Storage.Postgres.Schema;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>
/// Looks at the schema of a database, or brings it to this build's version, without a silo: for upgrades that are done in steps.
/// </summary>
public static class PostgresSchema
{
    /// <summary>Says which schema scripts a start of this build would run. Nothing is changed.</summary>
    /// <param name="options">Where the database is; valid, as the options of a silo are when it starts.</param>
    /// <param name="loggers">Make its loggers.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What is there, and what is pending.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="DatabaseStartException">
    /// The database did not answer within <see cref="PostgresStorageOptions.StartWait"/>, or refuses us.
    /// </exception>
    /// <exception cref="SchemaMismatchException">
    /// The database was made by other scripts, or by newer ones that this build cannot work with.
    /// </exception>
    public static Task<SchemaReport> CheckAsync(
        PostgresStorageOptions options,
        ILoggerFactory loggers,
        CancellationToken cancellationToken = default
    ) => RunAsync(options, loggers, migrates: false, cancellationToken);

    /// <summary>
    /// Runs the schema scripts that have not been run yet, as a start would, and whatever else a start would have to make: row security for
    /// <see cref="PostgresStorageOptions.ReadingRole"/>, the table of pgvector's vectors. Silos may then start as an account that can
    /// change no schema.
    /// </summary>
    /// <param name="options">Where the database is; valid, as the options of a silo are when it starts.</param>
    /// <param name="loggers">Make its loggers.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is changed then.</param>
    /// <returns>What there was before, and what was run.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="DatabaseStartException">
    /// The database did not answer within <see cref="PostgresStorageOptions.StartWait"/>, or refuses us.
    /// </exception>
    /// <exception cref="SchemaMismatchException">
    /// The database was made by other scripts, or by newer ones that this build cannot work with.
    /// </exception>
    public static Task<SchemaReport> MigrateAsync(
        PostgresStorageOptions options,
        ILoggerFactory loggers,
        CancellationToken cancellationToken = default
    ) => RunAsync(options, loggers, migrates: true, cancellationToken);

    private static async Task<SchemaReport> RunAsync(
        PostgresStorageOptions options,
        ILoggerFactory loggers,
        bool migrates,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        IReadOnlyList<SchemaScript> scripts = SqlScripts.Schema();
        var start = SchemaStart.Create(options, loggers);
        SchemaReport? report = null;
        await new DatabaseStart(options, TimeProvider.System, loggers.CreateLogger<DatabaseStart>(), migrates: true)
            .OpenAsync(
                async token =>
                {
                    (IReadOnlyList<SchemaScript> pending, int newest) = await start.FindPendingAsync(token).ConfigureAwait(false);
                    if (migrates)
                    {
                        await start.MigrateAsync(token).ConfigureAwait(false);
                    }

                    report = new SchemaReport
                    {
                        Version = newest,
                        KnownVersion = scripts[^1].Number,
                        Scripts = [.. pending.Select(script => script.Name)],
                        StopsOlderSilos = newest > 0 && pending.Any(script => !script.Expands),
                    };
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        return report!;
    }
}

/// <summary>How the schema of a database stands to this build.</summary>
public sealed record SchemaReport
{
    /// <summary>The number of the newest schema script that had been run, 0 for an empty database.</summary>
    public required int Version { get; init; }

    /// <summary>The number of the newest schema script that this build knows.</summary>
    public required int KnownVersion { get; init; }

    /// <summary>The names of the scripts that had not been run, in their order. After a migration they have been.</summary>
    public required ImmutableArray<string> Scripts { get; init; }

    /// <summary>
    /// Whether silos of the older build must be stopped before these scripts run: one of them contracts the schema. Otherwise silos of both
    /// builds may work side by side.
    /// </summary>
    public required bool StopsOlderSilos { get; init; }
}
