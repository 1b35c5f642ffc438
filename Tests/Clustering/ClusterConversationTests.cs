using Orleans.Runtime.Placement;
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
        IManagementGrain management = Host.Grains.GetGrain<IManagementGrain>(0);
        foreach (SiloAddress silo in Host.Cluster.Silos.Select(silo => silo.SiloAddress))
        {
            // Left alone, Orleans places by the silos' load.
            IConversationGrain conversation = NewConversation();
            RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
            try
            {
                await FillAsync(conversation, 1);
            }
            finally
            {
                RequestContext.Remove(IPlacementDirector.PlacementHintKey);
            }

            Assert.Equal(silo, await management.GetActivationAddress(conversation));
            Assert.Equal(1, (await conversation.GetHeadAsync())!.LastSequence);
        }
    }

    protected override ManualUtcClock Clock => cluster.Clock;

    protected override Task<GrainHost> StartHostAsync() => Task.FromResult(cluster.Host);

    // The next test uses it as well.
    protected override Task EndHostAsync() => Task.CompletedTask;
}
