using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Silo.LocalPostgres;
using OrleansMemory.Silo.Settings;

namespace OrleansMemory.Silo.Hosting;

/// <summary>The store that this process uses, and the private PostgreSQL server where that is it.</summary>
internal sealed class StoreChoice : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly Task<LocalPostgresServer>? _server;
    private string? _connectionString;

    private StoreChoice(string description, string? connectionString, string? serverFolder)
    {
        Description = description;
        _connectionString = connectionString;
        _server = serverFolder is null
            ? null
            : LocalPostgresServer.StartAsync(new LocalPostgresOptions { Folder = serverFolder }, _ending.Token);
        IsDurable = connectionString is not null || serverFolder is not null;
    }

    /// <summary>What the start banner calls it. It holds no part of the connection string.</summary>
    public string Description { get; }

    /// <summary>Whether it is PostgreSQL.</summary>
    public bool IsDurable { get; }

    /// <summary>Chooses the store, and begins to start the private server if that is the choice.</summary>
    public static StoreChoice Begin(IConfiguration configuration)
    {
        StoreOptions options = configuration.GetSection(StoreOptions.Section).Get<StoreOptions>() ?? new StoreOptions();
        string? connectionString = configuration.GetConnectionString("Postgres");
        if (options.Kind == StoreKind.Memory)
        {
            return new StoreChoice("memory, which is forgotten at the end", null, null);
        }

        if (!string.IsNullOrWhiteSpace(connectionString))
        {
            return new StoreChoice($"PostgreSQL ({SiloSections.ConnectionString})", connectionString, null);
        }

        if (options.Kind == StoreKind.Auto && LocalPostgresBinaries.Find() is null)
        {
            return new StoreChoice(
                "memory, which is forgotten at the end (install PostgreSQL or set ConnectionStrings__Postgres to keep it)",
                null,
                null
            );
        }

        string folder = Path.GetFullPath(string.IsNullOrWhiteSpace(options.DataFolder) ? DefaultFolder() : options.DataFolder);
        return new StoreChoice($"private PostgreSQL in {folder}", null, folder);
    }

    /// <summary>Waits until the private server answers, if there is one.</summary>
    /// <returns>A task that ends when the store can be opened.</returns>
    /// <exception cref="LocalPostgresException">
    /// There is PostgreSQL, but a private server did not start; or there must be and is not.
    /// </exception>
    public async Task ReadyAsync()
    {
        if (_server is not null)
        {
            LocalPostgresServer server = await _server;
            await PostgresRoles.MakeAsync(server.ConnectionString, _ending.Token);
            _connectionString = server.As(PostgresRoles.Owner);
        }
    }

    /// <summary>Tells the grains to use it. The options are read when the host starts, after <see cref="ReadyAsync"/>.</summary>
    /// <param name="configuration">The configuration, whose section <c>OrleansMemory:Postgres</c> sets the other options.</param>
    public void UseIn(ISiloBuilder silo, IConfiguration configuration)
    {
        if (!IsDurable)
        {
            silo.UseInMemoryStorage();
            return;
        }

        silo.UsePostgresStorage(options =>
        {
            // The private server has the role; in another the operator makes one.
            options.ReadingRole = _server is null ? null : PostgresRoles.Reader;
            configuration.GetSection(SiloSections.Postgres).Bind(options);
            options.ConnectionString = _connectionString ?? "";
            options.MigrationConnectionString = _server is null ? configuration.GetConnectionString("PostgresMigration") : null;
        });
    }

    /// <summary>Stops the private server, if there is one.</summary>
    /// <returns>A task that ends when it has stopped.</returns>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        if (_server is not null)
        {
            await ((Task)_server).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_server.IsCompletedSuccessfully)
            {
                await (await _server).DisposeAsync();
            }
        }

        _ending.Dispose();
    }

    // As root the server runs under an account of its own, which cannot enter root's home.
    private static string DefaultFolder() =>
        Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows()
            ? "/var/lib/orleans-memory/postgres"
            : Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
                "orleans-memory",
                "postgres"
            );
}
