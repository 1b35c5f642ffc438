using OrleansMemory.Silo.LocalPostgres;

namespace OrleansMemory.Benchmarks.Database;

/// <summary>
/// The server to measure on: the one that <c>ConnectionStrings__Postgres</c> names, else a private one that goes with us.
/// </summary>
internal sealed class BenchmarkServer : IAsyncDisposable
{
    private readonly LocalPostgresServer? _private;

    private BenchmarkServer(string connectionString, LocalPostgresServer? ours)
    {
        ConnectionString = connectionString;
        _private = ours;
    }

    public string ConnectionString { get; }

    public static async Task<BenchmarkServer> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("ConnectionStrings__Postgres") is { Length: > 0 } given)
        {
            return new BenchmarkServer(given, ours: null);
        }

        // Not /tmp, which may be memory: a commit has to wait for a disk.
        string folder = FormattableString.Invariant($"/var/tmp/orleans-memory-benchmarks-{Environment.ProcessId}");
        LocalPostgresServer server = await LocalPostgresServer.StartAsync(
            new LocalPostgresOptions { Folder = folder, Temporary = true },
            CancellationToken.None
        );
        return new BenchmarkServer(server.ConnectionString, server);
    }

    public ValueTask DisposeAsync() => _private is null ? ValueTask.CompletedTask : _private.DisposeAsync();
}
