using OrleansMemory.Grains.Hosting;
using OrleansMemory.Silo.LocalPostgres;

namespace OrleansMemory.Silo.Hosting;

/// <summary>The store that this process uses, and the private PostgreSQL server where that is it.</summary>
internal sealed class StoreChoice : IAsyncDisposable
{
    private readonly string? _connectionString;
    private readonly LocalPostgresServer? _server;

    private StoreChoice(string description, string? connectionString, LocalPostgresServer? server)
    {
        Description = description;
        _connectionString = connectionString;
        _server = server;
    }

    /// <summary>What the start banner calls it. It holds no part of the connection string.</summary>
    public string Description { get; }

    /// <summary>Chooses the store, and starts the private server if that is the choice.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The choice.</returns>
    /// <exception cref="LocalPostgresException">There is PostgreSQL, but a private server did not start; or there must be and is not.</exception>
    public static async Task<StoreChoice> MakeAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        StoreOptions options = configuration.GetSection(StoreOptions.Section).Get<StoreOptions>() ?? new StoreOptions();
        string? connectionString = configuration.GetConnectionString("Postgres");
        if (options.Kind == StoreKind.Memory)
        {
            return new StoreChoice("memory", null, null);
        }

        if (!string.IsNullOrWhiteSpace(connectionString))
        {
            return new StoreChoice("PostgreSQL (ConnectionStrings:Postgres)", connectionString, null);
        }

        if (options.Kind == StoreKind.Auto && LocalPostgresBinaries.Find() is null)
        {
            return new StoreChoice("memory (install PostgreSQL or set ConnectionStrings__Postgres to keep conversations)", null, null);
        }

        string folder = Path.GetFullPath(options.DataFolder ?? DefaultFolder());
        LocalPostgresServer server = await LocalPostgresServer.StartAsync(new LocalPostgresOptions { Folder = folder }, cancellationToken);
        return new StoreChoice($"private PostgreSQL in {folder}", server.ConnectionString, server);
    }

    /// <summary>Tells the grains to use it.</summary>
    /// <param name="silo">The grains' host.</param>
    /// <param name="configuration">The configuration, whose section <c>OrleansMemory:Postgres</c> sets the other options.</param>
    public void UseIn(ISiloBuilder silo, IConfiguration configuration)
    {
        if (_connectionString is null)
        {
            silo.UseInMemoryStorage();
            return;
        }

        silo.UsePostgresStorage(options =>
        {
            configuration.GetSection("OrleansMemory:Postgres").Bind(options);
            options.ConnectionString = _connectionString;
        });
    }

    /// <summary>Stops the private server, if there is one.</summary>
    /// <returns>A task that ends when it has stopped.</returns>
    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    // As root the server runs under an account of its own, which cannot enter root's home.
    private static string DefaultFolder() => Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows()
        ? "/var/lib/orleans-memory/postgres"
        : Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "orleans-memory",
            "postgres");
}
