using OrleansMemory.Conversations;
using OrleansMemory.Tests.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Clustering;

/// <summary>What a conversation does, it does on a cluster: an external client calls, and the silos share one database.</summary>
/// <param name="cluster">The cluster.</param>
public sealed class ClusterConversationTests(ConversationCluster cluster) : ConversationBehaviour, IClassFixture<ConversationCluster>
{
    [Fact]
    public async Task Conversations_of_one_client_live_on_every_silo()
    {
        IConversationGrain[] conversations = [.. Enumerable.Range(0, 100).Select(_ => NewConversation())];
        await Task.WhenAll(conversations.Select(conversation => FillAsync(conversation, 1)));
        IManagementGrain management = Host.Grains.GetGrain<IManagementGrain>(0);
        SiloAddress?[] places = await Task.WhenAll(conversations.Select(conversation => management.GetActivationAddress(conversation).AsTask()));
        Assert.Equal(
            Host.Cluster.Silos.Select(silo => silo.SiloAddress).Order(), places.Select(place => place!).Distinct().Order());
    }

    protected override ManualUtcClock Clock => cluster.Clock;

    protected override Task<GrainHost> StartHostAsync() => Task.FromResult(cluster.Host);

    // The next test uses it as well.
    protected override Task EndHostAsync() => Task.CompletedTask;
}
