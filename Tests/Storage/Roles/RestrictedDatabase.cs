using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Storage.Roles;

/// <summary>A database with the roles of <c>deploy/postgres-roles.sql</c>, under names of its own.</summary>
public sealed class RestrictedDatabase : IAsyncLifetime
{
    private const string Password = "only-for-tests";

    private readonly string _suffix = Guid.NewGuid().ToString("N")[..12];
    private readonly PostgresDatabase _database = new();

    public string Owner => "owner_" + _suffix;

    public string Running => "running_" + _suffix;

    public string Reader => "reader_" + _suffix;

    public string Client => "client_" + _suffix;

    /// <summary>As the server's superuser.</summary>
    public PostgresDatabase Database => _database;

    /// <summary>The options of a silo that may change no table.</summary>
    internal PostgresStorageOptions Options =>
        new()
        {
            ConnectionString = As(Running),
            ReadingRole = Reader,
            StartWait = TimeSpan.Zero,
        };

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        await RunScriptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await _database.ExecuteElsewhereAsync($"drop role if exists {Owner}, {Running}, {Reader}, {Client}");
    }

    /// <summary>How a role reaches it.</summary>
    public string As(string role) =>
        new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Username = role, Password = Password }.ConnectionString;

    /// <summary>Runs <c>deploy/postgres-roles.sql</c>.</summary>
    public async Task RunScriptAsync()
    {
        var target = new NpgsqlConnectionStringBuilder(_database.ConnectionString);
        var shell = new PostgresShell();
        string folder = await shell.NewFolderAsync();
        try
        {
            // The account that runs psql cannot enter every checkout.
            string script = Path.Combine(folder, "roles.sql");
            File.Copy(Path.Combine(Checkout.Root, "deploy", "postgres-roles.sql"), script);
            await shell.RunAsync(
                "psql -X -q -v owner=$OWNER -v running=$RUNNING -v reader=$READER -v client=$CLIENT -v owner_password=$PASSWORD -v running_password=$PASSWORD -v client_password=$PASSWORD -f "
                    + script,
                [
                    ("OWNER", Owner),
                    ("RUNNING", Running),
                    ("READER", Reader),
                    ("CLIENT", Client),
                    ("PASSWORD", Password),
                    ("PGHOST", target.Host!),
                    ("PGPORT", target.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                    ("PGUSER", target.Username!),
                    ("PGPASSWORD", target.Password ?? ""),
                    ("PGDATABASE", target.Database!),
                ]
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Migrates as the owner, as <c>--migrate</c> does.</summary>
    public Task MigrateAsync() =>
        PostgresSchema.MigrateAsync(
            new PostgresStorageOptions
            {
                ConnectionString = "Host=not-used.invalid",
                MigrationConnectionString = As(Owner),
                ReadingRole = Reader,
            },
            NullLoggerFactory.Instance
        );
}
