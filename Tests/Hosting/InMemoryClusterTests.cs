using Orleans.TestingHost;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Hosting;

/// <summary>In-memory storage and a second silo: refused, unless the silos are given one set of stores.</summary>
public sealed class InMemoryClusterTests
{
    private const string Tenant = "tests";
    private const int Conversations = 24;

    [Fact]
    public async Task Second_silo_over_memory_of_its_own_is_refused_and_the_first_one_serves_on()
    {
        await using GrainHost host = await GrainHost.StartAsync(static silo => silo.AddOrleansMemory().UseInMemoryStorage());
        await host.Conversation("first").CommitAsync(Messages.Turn("t1", Messages.User("hello")));

        Exception failure = await Assert.ThrowsAnyAsync<Exception>(() => host.Cluster.StartAdditionalSiloAsync());
        TurnReceipt receipt = await host.Conversation("first").CommitAsync(Messages.Turn("t2", Messages.User("still there")));

        Assert.Contains(
            "UseInMemoryStorage() keeps conversations in one silo's memory, but the cluster has another silo",
            failure.ToString(),
            StringComparison.Ordinal
        );
        Assert.Equal(2, receipt.Version);
    }

    [Fact]
    public async Task Silos_that_share_their_stores_list_and_fork_all_conversations_and_one_may_go()
    {
        var stores = new InMemoryStores();
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) => silo.AddOrleansMemory().UseInMemoryStorage(stores));
        await using GrainHost host = await GrainHost.StartAsync(builder);
        await Task.WhenAll(
            Enumerable
                .Range(0, Conversations)
                .Select(async i =>
                {
                    await host.Conversation($"c{i}").CommitAsync(Messages.Turn("t1", Messages.User("hello")));
                    await host.Conversation($"c{i}").ForkAsync(new ForkRequest { NewId = $"f{i}" });
                })
        );

        ConversationListPage before = await ListAsync(host);
        await host.Cluster.StopSiloAsync(host.Cluster.Silos[1]);
        ConversationListPage after = await ListAsync(host);
        Head?[] forks = await Task.WhenAll(Enumerable.Range(0, Conversations).Select(i => host.Conversation($"f{i}").GetHeadAsync()));

        Assert.Equal(2 * Conversations, before.Conversations.Length);
        Assert.Equal(2 * Conversations, after.Conversations.Length);
        Assert.All(forks, head => Assert.Equal(1, head!.MessageCount));
    }

    private static Task<ConversationListPage> ListAsync(GrainHost host) =>
        host.Grains.GetGrain<IConversationDirectoryGrain>(Tenant).ListAsync(new ConversationListQuery { Limit = 100 });
}
