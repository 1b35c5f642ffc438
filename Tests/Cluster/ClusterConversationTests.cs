using OrleansMemory.Tests.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Cluster;

/// <summary>What a conversation does, it does on a cluster: an external client calls, and the silos share one database.</summary>
/// <param name="cluster">The cluster.</param>
public abstract class ClusterConversationTests(ConversationCluster cluster) : ConversationBehaviour
{
    protected override ManualUtcClock Clock => cluster.Clock;

    protected override Task<GrainHost> StartHostAsync() => Task.FromResult(cluster.Host);

    // The next test uses it as well.
    protected override Task EndHostAsync() => Task.CompletedTask;
}

public sealed class TwoSiloConversationTests(TwoSilos cluster) : ClusterConversationTests(cluster), IClassFixture<TwoSilos>;

public sealed class ThreeSiloConversationTests(ThreeSilos cluster) : ClusterConversationTests(cluster), IClassFixture<ThreeSilos>;
