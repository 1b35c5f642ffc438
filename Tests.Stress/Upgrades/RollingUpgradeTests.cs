using OrleansMemory.Tests.Clustering;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Stress.Upgrades;

/// <summary>
/// Silos of the release before and of this one in one cluster, while the one replaces the other under load. <c>rolling-upgrade.sh</c> runs
/// it.
/// </summary>
public sealed class RollingUpgradeTests(ITestOutputHelper output, PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const int TurnsPerStep = 400;
    private const int ToursPerStep = 12;

    [PreviousReleaseFact]
    public async Task Two_releases_work_side_by_side_while_one_replaces_the_other()
    {
        await using var silos = new MixedSilos(database.ConnectionString);
        SiloProcess first = await silos.StartPreviousAsync();
        SiloProcess second = await silos.StartPreviousAsync();
        await using ExternalClient client = await ExternalClient.StartAsync(database.ConnectionString);
        using var end = new CancellationTokenSource();
        var load = new TurnLoad([client.Conversations], 8, int.MaxValue);
        var tour = new RouteTour(silos);
        Task[] tasks = [load.RunAsync(), .. Enumerable.Range(0, 3).Select(guide => tour.RunAsync(guide, end.Token))];
        Task working = Task.WhenAny(tasks).Unwrap();

        await StepAsync("the release before alone", () => Task.CompletedTask);
        await StepAsync("a silo of this one beside it", silos.StartCurrentAsync);
        await StepAsync(
            "one of the release before replaced",
            async () =>
            {
                Assert.Equal(0, await silos.StopAsync(first));
                await silos.StartCurrentAsync();
            }
        );
        SiloProcess? back = null;
        await StepAsync("one of the release before started again", async () => back = await silos.StartPreviousAsync());
        await StepAsync(
            "this one alone",
            async () =>
            {
                Assert.Equal(0, await silos.StopAsync(second));
                Assert.Equal(0, await silos.StopAsync(back!));
            }
        );

        load.Finish();
        await end.CancelAsync();
        await Task.WhenAll(tasks);
        output.WriteLine(load.Figures.ToString());
        output.WriteLine($"{tour.Completed} tours");
        await load.Ledger.VerifyAsync(conversation => TurnLoad.ReadAsync(client.Conversations.Get("tests", conversation)));

        async Task StepAsync(string name, Func<Task> change)
        {
            load.Figures.Begin(name);
            await change();
            int tours = tour.Completed + ToursPerStep;
            await load.ReachedAsync(load.Ledger.Count + TurnsPerStep, working);
            using var patience = new CancellationTokenSource(Timings.Patience);
            while (tour.Completed < tours)
            {
                if (working.IsCompleted)
                {
                    await working;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
            }
        }
    }
}
