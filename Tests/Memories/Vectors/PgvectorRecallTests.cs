using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using OrleansMemory.Users;
using Xunit;

namespace OrleansMemory.Tests.Memories.Vectors;

/// <summary>Recall by meaning in scopes whose vectors pgvector searches.</summary>
public sealed class PgvectorRecallTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static MemoryScope Scope { get; } = MemoryScope.Create("t", user: "u");

    [PgvectorFact]
    public async Task Recall_by_meaning_is_that_of_the_silo_with_changes_deletions_erasure_and_outages()
    {
        await database.ExecuteAsync("create extension vector");
        using var log = new LogLines();
        using var generator = new MeaningGenerator();
        await using GrainHost host = await GrainHost.StartAsync(silo =>
        {
            silo.Services.AddLogging(logging => logging.AddProvider(log));
            silo.Services.AddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(generator);
            silo.AddOrleansMemory()
                .ConfigureVectors(options =>
                {
                    (options.DatabaseSearchFrom, options.MinSimilarity, options.QueryPause) = (1, 0.2, TimeSpan.Zero);

                    // The machine of a test may be slow.
                    options.QueryTimeout = TimeSpan.FromSeconds(10);
                })
                .UsePostgresStorage(options => options.ConnectionString = database.ConnectionString);
            silo.UseInMemoryReminderService();
        });
        IMemoryGrain memory = host.Grains.GetGrain<IMemoryGrain>(Scope.ToString());
        IMemoryDirectoryGrain directory = host.Grains.GetGrain<IMemoryDirectoryGrain>("t");
        RecordReceipt receipt = await memory.RecordAsync(
            new RecordRequest
            {
                Memories =
                [
                    .. new[] { "The dog is Rex", "The pupilor is Max", "The doctor is in" }.Select(text => new NewMemory
                    {
                        Kind = MemoryKind.Fact,
                        Text = text,
                    }),
                ],
            }
        );
        await EmbedAsync(host);
        Assert.Equal(["The dog is Rex", "The pupilor is Max"], await RecallAsync(memory, "kaninor"));

        await directory.UpdateAsync(receipt.MemoryIds[0], new MemoryUpdate { Text = "The house is green" });
        await EmbedAsync(host);
        Assert.Equal(["The pupilor is Max"], await RecallAsync(memory, "kaninor"));
        Assert.Equal(["The house is green"], await RecallAsync(memory, "residor"));
        Assert.True(await directory.DeleteAsync(receipt.MemoryIds[1]));
        Assert.Empty(await RecallAsync(memory, "kaninor"));

        await database.ExecuteAsync("alter table orleans_memory.memory_embedding rename to away");
        Assert.Empty(await RecallAsync(memory, "residor"));
        Assert.Equal(["The house is green"], await RecallAsync(memory, "house"));
        Assert.Contains(log.Lines, line => line.Contains("could not search", StringComparison.Ordinal));
        await database.ExecuteAsync("alter table orleans_memory.away rename to memory_embedding");
        Assert.Equal(["The house is green"], await RecallAsync(memory, "residor"));

        await host.Grains.GetGrain<IUserErasureGrain>(UserKey.Create("t", "u").ToString()).EraseAsync().WithTimeout();
        Assert.Empty(await RecallAsync(memory, "residor"));
        Assert.Equal(0L, await database.ExecuteAsync("select count(*) from orleans_memory.memory_embedding"));
    }

    private static Task<EmbeddingReport> EmbedAsync(GrainHost host) =>
        host.Grains.GetGrain<IMemoryEmbeddingGrain>(Scope.ToString()).EmbedAsync().WithTimeout();

    private static async Task<string[]> RecallAsync(IMemoryGrain memory, string query)
    {
        RecallResult result = await memory.RecallAsync(new RecallRequest { Query = query }).WithTimeout();
        return [.. result.Memories.Select(recalled => recalled.Memory.Text).Order(StringComparer.Ordinal)];
    }
}
