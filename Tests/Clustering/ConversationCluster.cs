using OrleansMemory.Tests.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Cluster;

/// <summary>One cluster for all tests of a suite: each of them uses conversations of its own.</summary>
/// <param name="silos">How many silos it has.</param>
public abstract class ConversationCluster(short silos) : IAsyncLifetime
{
    private readonly PostgresDatabase _database = new();
    private SiloCluster? _cluster;

    /// <summary>The clock of conversations. Tests move it on; nobody moves it back.</summary>
    public ManualUtcClock Clock { get; } = new();

    public GrainHost Host => _cluster!.Host;

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        _cluster = await SiloCluster.StartAsync(
            _database.ConnectionString, silos, new SiloClusterSetup { Clock = Clock, Conversations = ConversationBehaviour.SetTenants });
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

public sealed class TwoSilos() : ConversationCluster(2);

public sealed class ThreeSilos() : ConversationCluster(3);
