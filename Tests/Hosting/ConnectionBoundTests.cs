using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Tenants;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Hosting;

/// <summary>How many connections a silo holds, counted by the server while more work is under way than connections are allowed.</summary>
public sealed class ConnectionBoundTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const int Workers = 48;
    private const int Rounds = 8;
    private const int Reads = 3;
    private const int Committers = 1;
    private const int Providers = 2;

    [Fact]
    public async Task Silo_holds_no_more_connections_than_its_options_say()
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync(
            database.ConnectionString,
            1,
            new SiloClusterSetup
            {
                Silo = static silo =>
                    silo.Services.Configure<PostgresStorageOptions>(options =>
                        (options.MaxReadConnections, options.Committers, options.MaxProviderConnections) = (Reads, Committers, Providers)
                    ),
            }
        );
        var most = new ConcurrentDictionary<string, long>();
        Task load = Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => WorkAsync(cluster.Host, worker)));

        do
        {
            await CountAsync(most, "total", "like 'orleans-memory%'");
            await CountAsync(most, "reads", "= 'orleans-memory'");
            await CountAsync(most, "providers", "= 'orleans-memory cluster'");
        } while (!load.IsCompleted);
        await load;

        Assert.Equal(Reads, most["reads"]);
        Assert.Equal(Providers, most["providers"]);
        Assert.InRange(most["total"], Reads + Providers + 1, Reads + Committers + 2 + Providers);
    }

    private static async Task WorkAsync(GrainHost host, int worker)
    {
        for (int round = 0; round < Rounds; round++)
        {
            // A new conversation is looked for in the database, and each tenant's settings are a state of their own.
            await host.Conversation($"c{worker}-{round}").CommitAsync(Messages.Turn("t1", Messages.User("hello")));
            await host
                .Grains.GetGrain<ITenantGrain>(TenantKey.Create($"tenant-{worker}-{round}").ToString())
                .SetAsync(new TenantSettings());
            await host.Grains.GetGrain<IConversationDirectoryGrain>("tests").ListAsync(new ConversationListQuery { Limit = 5 });
        }
    }

    private async Task CountAsync(ConcurrentDictionary<string, long> most, string name, string application)
    {
        long count = (long)
            (
                await database.ExecuteAsync(
                    $"select count(*) from pg_stat_activity where datname = current_database() and application_name {application}"
                )
            )!;
        most.AddOrUpdate(name, count, (_, known) => Math.Max(known, count));
    }
}
