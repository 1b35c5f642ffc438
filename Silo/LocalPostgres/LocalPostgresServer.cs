using System.Data.Common;
using System.Globalization;

namespace OrleansMemory.Silo.LocalPostgres;

/// <summary>
/// A private PostgreSQL server: made, started and stopped by us, reached through a socket that only its account can open.
/// </summary>
/// <remarks>
/// It listens on no port. Passwords are not needed: whoever can enter the socket's folder (mode 0700) is its account or root. It ends with
/// this process, however that ends. What a killed process left behind, a running server included, is taken over by the next start. Calls
/// must not overlap.
/// </remarks>
internal sealed class LocalPostgresServer : IAsyncDisposable
{
    private const string Superuser = "postgres";
    private readonly LocalPostgresOptions _options;
    private readonly LocalPostgresBinaries _binaries;
    private readonly ServerAccount _account;
    private readonly ServerFolder _folder;
    private ServerWatchdog? _watchdog;
    private bool _disposed;

    private LocalPostgresServer(LocalPostgresOptions options, LocalPostgresBinaries binaries, ServerAccount account, ServerFolder folder)
    {
        _options = options;
        _binaries = binaries;
        _account = account;
        _folder = folder;
        ConnectionString = As(Superuser);
    }

    /// <summary>How Npgsql reaches it as the superuser. It stays the same for as long as this object lives.</summary>
    public string ConnectionString { get; }

    /// <summary>How Npgsql reaches it as a role.</summary>
    /// <returns>The connection string.</returns>
    public string As(string role) =>
        new DbConnectionStringBuilder
        {
            ["Host"] = _folder.Socket,
            ["Username"] = role,
            ["Database"] = "postgres",
        }.ConnectionString;

    /// <summary>The server's process; <see langword="null"/> when it does not run.</summary>
    public int? ProcessId => _folder.ServerProcessId;

    /// <summary>Starts a server, after making its data folder where there is none.</summary>
    /// <returns>The server, which answers.</returns>
    /// <exception cref="LocalPostgresException">There are no binaries, the folder is in use, or the server does not start.</exception>
    public static async Task<LocalPostgresServer> StartAsync(LocalPostgresOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (OperatingSystem.IsWindows())
        {
            throw LocalPostgresException.NoBinaries();
        }

        LocalPostgresBinaries binaries = LocalPostgresBinaries.Find() ?? throw LocalPostgresException.NoBinaries();
        ServerAccount account = ServerAccount.Choose();
        ServerFolder folder = await ServerFolder.LockAsync(options.Folder, account, cancellationToken);
        var server = new LocalPostgresServer(options, binaries, account, folder);
        try
        {
            await server.MakeDataAsync(cancellationToken);
            await server.StopOrphanAsync(cancellationToken);
            await server.StartAgainAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again after a stop or a kill, on the same data and under the same connection string.</summary>
    /// <param name="cancellationToken">Prevents the start; a start once begun is waited for.</param>
    /// <returns>A task that ends when it answers.</returns>
    /// <exception cref="LocalPostgresException">It does not start.</exception>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();

        // To leave in the middle would leave a server behind that has no pid file yet.
        CommandOutcome outcome = await PgCtlAsync(["start", "-l", _folder.ServerLog, "-o", Settings()], CancellationToken.None);
        int? processId = _folder.ServerProcessId;
        if (outcome.ExitCode != 0 || processId is null)
        {
            throw new LocalPostgresException(
                $"The private PostgreSQL server did not start. {outcome.Output.Trim()}{Environment.NewLine}{_folder.EndOfLog()}"
            );
        }

        _watchdog = ServerWatchdog.Start(processId.Value, _options.Temporary ? _folder.Path : null);
    }

    /// <summary>Stops it in good order: connections are ended, everything is written.</summary>
    /// <returns>A task that ends when it has stopped.</returns>
    public Task StopAsync(CancellationToken cancellationToken) => StopInModeAsync("fast", cancellationToken);

    /// <summary>Stops it as a crash would: nothing is written any more, and the next start recovers from the log.</summary>
    /// <returns>A task that ends when it is dead.</returns>
    public Task KillAsync(CancellationToken cancellationToken) => StopInModeAsync("immediate", cancellationToken);

    /// <summary>Stops it, and removes its folder when that is temporary.</summary>
    /// <returns>A task that ends when it has stopped.</returns>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        try
        {
            await StopInModeAsync(_options.Temporary ? "immediate" : "fast", CancellationToken.None);
            if (_options.Temporary)
            {
                _folder.Delete();
            }
        }
        finally
        {
            _folder.Dispose();
        }
    }

    private async Task MakeDataAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(_folder.Data))
        {
            return;
        }

        if (Directory.Exists(_folder.UnfinishedData))
        {
            Directory.Delete(_folder.UnfinishedData, recursive: true);
        }

        string[] initdb =
        [
            _binaries.InitDb,
            "-D",
            _folder.UnfinishedData,
            "-U",
            Superuser,
            "--encoding=UTF8",
            "--locale=C",
            "--auth-local=trust",
            "--auth-host=reject",
            .. _options.Temporary ? ["--no-sync"] : Array.Empty<string>(),
        ];
        CommandOutcome outcome = await _account.RunAsync(initdb, cancellationToken);
        outcome.ThrowIfFailed("The data folder of the private PostgreSQL server could not be made.");
        Directory.Move(_folder.UnfinishedData, _folder.Data);
    }

    // We hold the folder's lock, so a server that runs on it belongs to a process that is gone.
    private async Task StopOrphanAsync(CancellationToken cancellationToken)
    {
        if (_folder.ServerProcessId is not null)
        {
            await StopInModeAsync("fast", cancellationToken);
        }
    }

    private async Task StopInModeAsync(string mode, CancellationToken cancellationToken)
    {
        CommandOutcome outcome = await PgCtlAsync(["stop", "-m", mode], cancellationToken);
        if (outcome.ExitCode != 0 && await RunsAsync(cancellationToken))
        {
            // It did not stop in time, so it is no longer asked; the log that it recovers from is durable.
            outcome = await PgCtlAsync(["stop", "-m", "immediate"], cancellationToken);
            outcome.ThrowIfFailed("The private PostgreSQL server did not stop.");
        }

        _watchdog?.Dispose();
        _watchdog = null;
    }

    private async Task<bool> RunsAsync(CancellationToken cancellationToken) =>
        (await PgCtlAsync(["status"], cancellationToken)).ExitCode == 0;

    private Task<CommandOutcome> PgCtlAsync(string[] arguments, CancellationToken cancellationToken)
    {
        string seconds = ((int)Math.Ceiling(_options.Deadline.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return _account.RunAsync([_binaries.PgCtl, .. arguments, "-D", _folder.Data, "-w", "-s", "-t", seconds], cancellationToken);
    }

    private static string OnOrOff(bool on) => on ? "on" : "off";

    private string Settings()
    {
        string[] settings =
        [
            "listen_addresses=",
            $"unix_socket_directories={_folder.Socket}",
            "unix_socket_permissions=0700",
            "port=5432",
            string.Create(CultureInfo.InvariantCulture, $"max_connections={_options.MaxConnections}"),
            string.Create(CultureInfo.InvariantCulture, $"shared_buffers={_options.SharedBuffersMegabytes}MB"),
            $"fsync={OnOrOff(_options.Syncs)}",
            "synchronous_commit=on",
            $"full_page_writes={OnOrOff(_options.Syncs)}",
            "timezone=UTC",
            "log_timezone=UTC",
            // Statements and details hold conversation text and keys.
            "log_error_verbosity=terse",
            "log_min_error_statement=panic",
            "log_checkpoints=off",
        ];
        return string.Join(' ', settings.Select(setting => $"-c '{setting.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
    }
}
