using OrleansMemory.Silo.LocalPostgres;

namespace OrleansMemory.Tests.Support;

/// <summary>
/// The PostgreSQL server of a test run: the one that <c>ConnectionStrings__Postgres</c> names (its account must be allowed to create
/// databases), or a private one for this process, whose data goes with it. Where there is neither, tests fail and say what to install.
/// </summary>
internal static class PostgresServer
{
    private static readonly Lazy<Task<string>> Running = new(StartAsync);

    public static Task<string> ConnectionStringAsync() => Running.Value;

    private static async Task<string> StartAsync()
    {
        string? given = Environment.GetEnvironmentVariable("ConnectionStrings__Postgres");
        if (!string.IsNullOrWhiteSpace(given))
        {
            return given;
        }

        // No test ends the machine, and what a killed server has written the machine still has.
        // It is not disposed: it is stopped and removed when this process ends.
        LocalPostgresServer server = await LocalPostgresServer.StartAsync(
            new LocalPostgresOptions
            {
                Folder = PostgresDatabase.NewServerFolder(),
                Temporary = true,
                Syncs = false,
                MaxConnections = 400,
            },
            CancellationToken.None
        );
        return server.ConnectionString;
    }
}
