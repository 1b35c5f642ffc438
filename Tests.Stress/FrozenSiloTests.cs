using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Stress;

/// <summary>
/// A silo process is frozen until the other one has declared it dead, and wakes: it would answer reads from what it remembers.
/// </summary>
public sealed class FrozenSiloTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private static readonly (string Name, string Value)[] Detection =
    [
        ("OrleansMemory:Cluster:FailureDetection:ProbeTimeout", "00:00:01"),
        ("OrleansMemory:Cluster:FailureDetection:MinProbeTimeout", "00:00:01"),
        ("OrleansMemory:Cluster:FailureDetection:MaxProbeTimeout", "00:00:01"),
        ("OrleansMemory:Cluster:FailureDetection:NumMissedProbesLimit", "2"),
        // By itself Orleans reads the table so seldom: what it finds is not what is tested.
        ("OrleansMemory:Cluster:FailureDetection:TableRefreshTimeout", "00:10:00"),
    ];

    [Fact]
    public async Task A_silo_that_was_declared_dead_while_it_was_frozen_ends_soon_after_it_wakes()
    {
        await using SiloProcess first = await ClusterSilos.StartAsync(database.ConnectionString, Detection);
        await using SiloProcess frozen = await ClusterSilos.StartAsync(database.ConnectionString, Detection);
        await frozen.FreezeAsync();
        using var patience = new CancellationTokenSource(Timings.Patience);
        while (await database.ExecuteAsync("select count(*) from orleans_memory.orleans_member where status = 6") is 0L)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), patience.Token);
        }

        await frozen.ThawAsync();
        await frozen.EndedAsync(Bound);
    }
}
