using System.Diagnostics;
using Xunit;

namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>
/// Generated schedules of kills, freezes, cuts and wrong clocks, one after the other against silo processes that live through all of them,
/// under load; what the load saw is checked from outside. <c>fault-campaign.sh</c> runs it; <c>docs/reliability.md</c> has its figures.
/// </summary>
public sealed class FaultCampaignTests
{
    /// <summary>Of each check.</summary>
    private const int MostShown = 10;

    // What takes so long is told as what is wrong: something has waited for what had been lost.
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(20);

    [FaultCampaignFact]
    public async Task What_was_acknowledged_stays_whatever_is_killed_frozen_cut_or_set_wrong()
    {
        CampaignFigures figures = CampaignFigures.Load(FaultCampaignFactAttribute.Figures);
        int wrong = 0;
        await using CampaignCluster cluster = await CampaignCluster.StartAsync();
        for (int i = 0; i < FaultCampaignFactAttribute.Schedules; i++)
        {
            var plan = SchedulePlan.Generate(FaultCampaignFactAttribute.FirstSeed + i);
            long started = Stopwatch.GetTimestamp();
            var run = new ScheduleRun(plan, cluster);
            await run.RunAsync();
            IReadOnlyList<Violation> violations = Checks.Run(run.History);
            figures.Add(plan, run.History, violations);
            figures.Save(FaultCampaignFactAttribute.Figures);
            wrong += violations.Count;
            Say(
                FormattableString.Invariant(
                    $"{plan.Seed}: {plan}; {run.History.Turns.Count} turns, {run.History.Reads.Count} reads, {(violations.Count == 0 ? "all well" : $"{violations.Count} VIOLATIONS")} after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s"
                )
            );
            if (violations.Count > 0 || Stopwatch.GetElapsedTime(started) > Slow)
            {
                Tell(plan, run.History, violations, cluster);
            }
        }

        Say(figures.ToString());
        Assert.True(wrong == 0, $"{wrong} violations.");
    }

    private static void Tell(SchedulePlan plan, History history, IReadOnlyList<Violation> violations, CampaignCluster cluster)
    {
        foreach (Violation violation in violations.GroupBy(violation => violation.Check).SelectMany(of => of.Take(MostShown)))
        {
            Say($"  {violation.Check}: {violation.Text}");
        }

        foreach (string line in history.Timeline)
        {
            Say("  " + line);
        }

        if (Environment.GetEnvironmentVariable("ORLEANSMEMORY_FAULT_CAMPAIGN_LOGS") is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
            foreach ((CampaignSilo silo, int place) in cluster.Silos.Select((silo, place) => (silo, place)))
            {
                File.WriteAllText(Path.Combine(folder, FormattableString.Invariant($"s{plan.Seed}-silo{place}.log")), silo.Log);
            }
        }
    }

    private static void Say(string line) => Console.WriteLine(line);
}
