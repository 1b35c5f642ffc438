using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Clustering;

/// <summary>The directory that clusters use knows of every activation on a living silo, whichever silo dies.</summary>
public sealed class DirectoryTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const int Conversations = 150;

    [Fact]
    public async Task Conversations_on_living_silos_stay_active_when_a_silo_dies_that_knew_of_them()
    {
        var stores = new ConcurrentBag<WatchedStore>();
        var setup = new SiloClusterSetup
        {
            Silo = silo =>
                silo.Services.AddSingleton<IConversationStore>(provider =>
                {
                    var watched = new WatchedStore(provider.GetRequiredService<PostgresStoreLifetime>().Store);
                    stores.Add(watched);
                    return watched;
                }),
        };
        await using SiloCluster cluster = await SiloCluster.StartAsync(database.ConnectionString, 3, setup);
        string[] ids = [.. Enumerable.Range(0, Conversations).Select(i => $"directory-{i}")];
        foreach (string id in ids)
        {
            await cluster.Conversation(id).CommitAsync(Messages.Turn("t", Messages.User("x")));
        }

        var dying = cluster.Silos.Silos[2];
        var living = new List<string>();
        foreach (string id in ids)
        {
            if (await cluster.WhereIsAsync(cluster.Conversation(id)) != dying)
            {
                living.Add(id);
            }
        }

        await cluster.Silos.KillSiloAsync(dying);
        foreach (WatchedStore store in stores)
        {
            store.BeforeLoad = () => throw new InvalidOperationException("A conversation of a living silo was made active again.");
        }

        // The calls that are under way while the membership settles, and those after it.
        Assert.NotEmpty(living);
        foreach (string id in living)
        {
            Assert.Equal(1, (await cluster.Conversation(id).GetHeadAsync())!.Version);
        }
    }
}
