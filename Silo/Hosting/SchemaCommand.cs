using System.Globalization;
using Microsoft.Extensions.Options;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Silo.Settings;

namespace OrleansMemory.Silo.Hosting;

/// <summary>
/// What the program does instead of running a silo: <c>--check</c> looks whether its settings are valid and what it would do to the
/// database's schema, <c>--migrate</c> does it.
/// </summary>
internal sealed class SchemaCommand
{
    private const string Check = "--check";
    private const string Migrate = "--migrate";

    /// <summary>The exit code of a check that found scripts to run.</summary>
    public const int Pending = 3;

    private readonly bool _migrates;

    private SchemaCommand(bool migrates) => _migrates = migrates;

    /// <summary>Takes the command from the command line.</summary>
    /// <param name="args">The command line; what is left of it are settings.</param>
    /// <returns>The command; <see langword="null"/> where a silo is to run.</returns>
    /// <exception cref="SettingException">There are two of them.</exception>
    public static SchemaCommand? Take(ref string[] args)
    {
        string[] given = [.. args.Where(argument => argument is Check or Migrate).Distinct(StringComparer.Ordinal)];
        args = [.. args.Except(given, StringComparer.Ordinal)];
        return given switch
        {
            [] => null,
            [var one] => new SchemaCommand(one == Migrate),
            _ => throw new SettingException($"Give one of {Check} and {Migrate}."),
        };
    }

    /// <summary>Does it.</summary>
    /// <param name="services">The services of the app, which does not run.</param>
    /// <param name="output">Where to say what was found or done.</param>
    /// <returns>The exit code: 0, or <see cref="Pending"/>.</returns>
    /// <exception cref="SettingException">The store is not PostgreSQL.</exception>
    public async Task<int> RunAsync(IServiceProvider services, StoreChoice store, TextWriter output)
    {
        if (!store.IsDurable)
        {
            throw new SettingException(
                $"{Check} and {Migrate} are about PostgreSQL, and the store is {store.Description}. Set {SiloSections.ConnectionString}."
            );
        }

        PostgresStorageOptions options = services.GetRequiredService<IOptions<PostgresStorageOptions>>().Value;
        ILoggerFactory loggers = services.GetRequiredService<ILoggerFactory>();
        SchemaReport report = _migrates
            ? await PostgresSchema.MigrateAsync(options, loggers)
            : await PostgresSchema.CheckAsync(options, loggers);
        await output.WriteLineAsync(Describe(report, options.Schema));
        return _migrates || report.Scripts.IsEmpty ? 0 : Pending;
    }

    private string Describe(SchemaReport report, string schema)
    {
        string state = string.Create(
            CultureInfo.InvariantCulture,
            $"Schema {schema}: version {report.Version} in the database, {report.KnownVersion} in this build."
        );
        if (report.Scripts.IsEmpty)
        {
            return state + " Nothing to do.";
        }

        string scripts = string.Join(", ", report.Scripts);
        return _migrates
            ? $"{state} Ran {scripts}."
            : $"{state} To run: {scripts}. "
                + (
                    report.StopsOlderSilos ? "Stop older silos before."
                    : report.Version == 0 ? "The database is empty."
                    : "Older silos may go on meanwhile."
                );
    }
}
