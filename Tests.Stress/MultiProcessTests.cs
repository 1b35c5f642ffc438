using System.Globalization;
using OrleansMemory.Tests.Clustering;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Stress;

/// <summary>
/// Three silos in processes of their own on loopback ports, over one PostgreSQL, and a client outside of them: one is killed (SIGKILL) in
/// mid load and started again. <c>multi-process.sh</c> runs it with a larger load and prints the figures.
/// </summary>
public sealed class MultiProcessTests(ITestOutputHelper output, PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const int Silos = 3;
    private const int MissedProbes = 3;

    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestProbe = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A silo that does not answer is out of the cluster after so many probes, and one that was under way; the last one asks by way of a
    /// third silo.
    /// </summary>
    private static readonly TimeSpan Detection = LongestProbe * (MissedProbes + 2);

    /// <summary>On top of it comes an answer that is missed just before, and one pause of the client's retries.</summary>
    private static readonly TimeSpan Bound = Detection + ExternalClient.ResponseTimeout + TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_silo_process_that_is_killed_and_started_again_costs_a_bounded_pause_and_no_turn()
    {
        SiloProcess[] silos = await Task.WhenAll(Enumerable.Range(0, Silos).Select(_ => StartSiloAsync()));
        try
        {
            await using ExternalClient client = await ExternalClient.StartAsync(database.ConnectionString);
            int turns = Setting("TURNS", 500);
            var load = new TurnLoad([client.Conversations], Setting("WRITERS", 16), int.MaxValue);
            load.Figures.Begin("three silos");
            Task writing = load.RunAsync();
            await load.ReachedAsync(turns, writing);

            load.Figures.Begin("one killed, until it is back");
            await silos[1].KillAsync();
            await load.ReachedAsync(load.Ledger.Count + turns, writing);
            await silos[1].StartAgainAsync();

            load.Figures.Begin("three silos again");
            await load.ReachedAsync(load.Ledger.Count + turns, writing);
            load.Finish();
            await writing;
            output.WriteLine(load.Figures.ToString());
            await VerifyAsync(load, client);

            // A busy machine is slow without any loss, too.
            TimeSpan bound = Bound + (2 * load.Figures.LongestPause(0, 1));
            TimeSpan longest = load.Figures.LongestPause(1, 2);
            Assert.True(longest <= bound, $"A writer waited {longest}, more than {bound}.\n{load.Figures}");
        }
        finally
        {
            foreach (SiloProcess silo in silos)
            {
                await silo.DisposeAsync();
            }
        }
    }

    private async Task VerifyAsync(TurnLoad load, ExternalClient client)
    {
        await load.Ledger.VerifyAsync(conversation => TurnLoad.ReadAsync(client.Conversations.Get("tests", conversation)));
        await using GrainHost fresh = await GrainHost.OnPostgresAsync(database.ConnectionString);
        await load.Ledger.VerifyAsync(conversation => Ledger.ReadAsync(fresh.Conversation(conversation)));
    }

    private Task<SiloProcess> StartSiloAsync() =>
        ClusterSilos.StartAsync(
            database.ConnectionString,
            Probing("ProbeTimeout", ProbeTimeout),
            Probing("MinProbeTimeout", ProbeTimeout),
            Probing("MaxProbeTimeout", LongestProbe),
            ("OrleansMemory:Cluster:FailureDetection:NumMissedProbesLimit", MissedProbes.ToString(CultureInfo.InvariantCulture))
        );

    private static (string Name, string Value) Probing(string option, TimeSpan time) =>
        ("OrleansMemory:Cluster:FailureDetection:" + option, time.ToString("c", CultureInfo.InvariantCulture));

    private static int Setting(string name, int otherwise) =>
        int.TryParse(
            Environment.GetEnvironmentVariable("ORLEANSMEMORY_LOAD_" + name),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out int given
        )
            ? given
            : otherwise;
}
