using OrleansMemory.Tests.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Clustering;

/// <summary>One cluster of two silos for all tests of a suite: each of them uses conversations of its own.</summary>
public sealed class ConversationCluster : IAsyncLifetime
{
    private const short Silos = 2;

    private readonly PostgresDatabase _database = new();
    private SiloCluster? _cluster;

    /// <summary>The clock of conversations. Tests move it on; none moves it back.</summary>
    public ManualUtcClock Clock { get; } = new();

    public GrainHost Host => _cluster!.Host;

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        _cluster = await SiloCluster.StartAsync(
            _database.ConnectionString,
            Silos,
            new SiloClusterSetup { Clock = Clock, Conversations = ConversationBehaviour.SetTenants }
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is { } cluster)
        {
            await cluster.DisposeAsync();
        }

        await _database.DisposeAsync();
    }
}
