using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Npgsql;
using OrleansMemory.Grains.Diagnostics;

namespace OrleansMemory.Grains.Storage.Postgres.Schema;

/// <summary>Waits at the start for a database that does not answer yet, and says of one that refuses us which setting is wrong.</summary>
/// <param name="options">Validated options.</param>
/// <param name="timeProvider">The clock of the wait.</param>
/// <param name="logger">Is told of the wait, once.</param>
/// <param name="migrates">Whether it is the account for migrating that is to connect, rather than the one that runs the silo.</param>
internal sealed partial class DatabaseStart(
    PostgresStorageOptions options,
    TimeProvider timeProvider,
    ILogger<DatabaseStart> logger,
    bool migrates = false
)
{
    private const string Running = $"{nameof(PostgresStorageOptions)}.{nameof(PostgresStorageOptions.ConnectionString)}";
    private const string Migrating = $"{nameof(PostgresStorageOptions)}.{nameof(PostgresStorageOptions.MigrationConnectionString)}";
    private const int OldestServer = 15;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly ILogger _logger = logger;
    private readonly NpgsqlConnectionStringBuilder _target = new(
        migrates && HasMigrations(options) ? options.MigrationConnectionString : options.ConnectionString
    );

    private string Setting => migrates && HasMigrations(options) ? Migrating : Running;

    /// <summary>Opens what needs the database, as soon as it answers.</summary>
    /// <exception cref="DatabaseStartException">The database did not answer in time, or refuses us.</exception>
    public async Task OpenAsync(Func<CancellationToken, Task> open, CancellationToken cancellationToken)
    {
        await AnswersAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await open(cancellationToken).ConfigureAwait(false);
        }
        catch (SchemaRightsException failure)
        {
            throw MayNotChange(failure);
        }
        catch (NpgsqlException failure)
        {
            throw Refused(failure);
        }
    }

    private static bool HasMigrations(PostgresStorageOptions options) => !string.IsNullOrWhiteSpace(options.MigrationConnectionString);

    private DatabaseStartException MayNotChange(SchemaRightsException failure)
    {
        string? account = HasMigrations(options)
            ? new NpgsqlConnectionStringBuilder(options.MigrationConnectionString).Username
            : _target.Username;
        return new DatabaseStartException(
            $"The account '{account}' may not create or change schema '{options.Schema}' in database '{Database()}', which must be done first. "
                + $"Name the schema's owner in {Migrating}, or run the silo once as the owner with --migrate; or grant the account CREATE on the database.",
            failure
        );
    }

    private async Task AnswersAsync(CancellationToken cancellationToken)
    {
        long started = timeProvider.GetTimestamp();
        NpgsqlDataSource source = migrates ? PostgresConnections.ForMigrating(options) : PostgresConnections.ForStarting(options);
        await using var _ = source.ConfigureAwait(false);
        for (bool told = false; ; told = true)
        {
            try
            {
                await ConnectAsync(source, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception failure) when (failure is NpgsqlException or SocketException or IOException or TimeoutException)
            {
                if (!IsAway(failure))
                {
                    throw Refused(failure);
                }

                if (timeProvider.GetElapsedTime(started) >= options.StartWait)
                {
                    throw Away(failure);
                }
            }

            if (!told)
            {
                LogWaiting(Where(), options.StartWait.TotalSeconds);
            }

            await Task.Delay(Pause, timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ConnectAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        if (connection.PostgreSqlVersion.Major < OldestServer)
        {
            throw new DatabaseStartException(
                $"PostgreSQL at {Where()} has version {connection.PostgreSqlVersion}. Name a server of version {OldestServer} or later in {Setting}."
            );
        }
    }

    // A name that does not exist will not exist in a second either; a name server that does not answer may.
    private static bool IsAway(Exception failure) =>
        failure switch
        {
            // A running silo goes on when the account or the database is there again; at the start they are more likely to be misspelt.
            PostgresException { SqlState: ['2', '8', ..] or ['3', 'D', ..] } => false,
            PostgresException postgres => PostgresErrors.IsTransient(postgres),
            _ when SocketErrorOf(failure) is { } error => error
                is not (SocketError.HostNotFound or SocketError.NoData or SocketError.NoRecovery),
            NpgsqlException { InnerException: IOException or TimeoutException } or IOException or TimeoutException => true,
            _ => false,
        };

    private static SocketError? SocketErrorOf(Exception? failure)
    {
        while (failure is not (null or SocketException))
        {
            failure = failure.InnerException;
        }

        return (failure as SocketException)?.SocketErrorCode;
    }

    private DatabaseStartException Away(Exception failure) =>
        new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"PostgreSQL at {Where()} did not answer within {options.StartWait.TotalSeconds:0.###} s ({nameof(PostgresStorageOptions)}.{nameof(PostgresStorageOptions.StartWait)}). "
            ) + $"Start it, or correct Host and Port in {Setting}.",
            failure
        );

    private DatabaseStartException Refused(Exception failure) =>
        new(
            failure switch
            {
                PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } =>
                    $"PostgreSQL at {Where()} has no database '{Database()}'. Create it (createdb), or correct Database in {Setting}.",
                PostgresException
                {
                    SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification
                } => $"PostgreSQL at {Where()} refuses the account '{_target.Username}'. Correct Username and Password in {Setting}.",
                PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } =>
                    $"The account '{_target.Username}' lacks a right in schema '{options.Schema}' of database '{Database()}'. "
                        + $"Grant it what deploy/postgres-roles.sql grants to the running role, or name the schema's owner in {Setting}.",
                PostgresException postgres => $"PostgreSQL at {Where()} refuses to work with {Setting} (SQLSTATE {postgres.SqlState}).",
                _ when SocketErrorOf(failure) is not null => $"The host '{_target.Host}' is not known. Correct Host in {Setting}.",
                _ => $"PostgreSQL at {Where()} refuses the connection. Correct Username, Password and SSL Mode in {Setting}.",
            },
            failure
        );

    private string Where() =>
        _target.Host is ['/', ..] socket ? socket : string.Create(CultureInfo.InvariantCulture, $"{_target.Host}:{_target.Port}");

    private string? Database() => _target.Database ?? _target.Username;

    [LoggerMessage(
        EventIds.DatabaseAwaited,
        LogLevel.Warning,
        "PostgreSQL at {Server} does not answer yet; the start waits for up to {Seconds} s"
    )]
    private partial void LogWaiting(string server, double seconds);
}
