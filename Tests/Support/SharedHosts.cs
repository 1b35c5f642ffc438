using OrleansMemory.Tests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedHosts))]

namespace OrleansMemory.Tests.Support;

/// <summary>
/// The hosts of a test run that every test may use whose point is neither the model nor the store, the options or the clock: one on memory
/// and one on PostgreSQL, both with their default options and the system's clock.
/// </summary>
/// <remarks>
/// Classes use them at the same time, so a test uses a tenant (or a user, a conversation, a scope) that only it knows, and asserts on
/// nothing that spans tenants. A host starts when a test first asks for it, and stops after the last test of the run.
/// </remarks>
public sealed class SharedHosts : IAsyncDisposable
{
    private readonly PostgresDatabase _database = new();
    private readonly Lazy<Task<GrainHost>> _inMemory;
    private readonly Lazy<Task<GrainHost>> _postgres;

    public SharedHosts()
    {
        _inMemory = new(() => GrainHost.InMemoryAsync());
        _postgres = new(StartOnPostgresAsync);
    }

    /// <summary>The host on memory.</summary>
    public Task<GrainHost> InMemoryAsync() => _inMemory.Value;

    /// <summary>The host on PostgreSQL.</summary>
    public Task<GrainHost> OnPostgresAsync() => _postgres.Value;

    /// <summary>A tenant that only its caller knows.</summary>
    public static string NewTenant() => $"t{Guid.NewGuid():N}";

    public async ValueTask DisposeAsync()
    {
        foreach (Lazy<Task<GrainHost>> host in (Lazy<Task<GrainHost>>[])[_inMemory, _postgres])
        {
            if (host.IsValueCreated && host.Value.IsCompletedSuccessfully)
            {
                await (await host.Value).DisposeAsync();
            }
        }

        await _database.DisposeAsync();
    }

    private async Task<GrainHost> StartOnPostgresAsync()
    {
        await _database.InitializeAsync();
        return await GrainHost.OnPostgresAsync(_database.ConnectionString);
    }
}
