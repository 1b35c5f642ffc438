using OrleansMemory.Benchmarks.Database;

namespace OrleansMemory.Benchmarks.Growth;

/// <summary>
/// What do changes leave behind in the tables, what takes it away, and which settings of tables, or which other tables, would help?
/// </summary>
internal sealed class VacuumGrowth : IBenchmark
{
    // The first one is that of the schema.
    private static readonly int[] FillFactors = [60, 75, 90, 100];

    private const string Tried = """
        alter table message set (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02, autovacuum_freeze_min_age = 0);
        alter table turn set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
        alter table entry set (autovacuum_vacuum_scale_factor = 0.05)
        """;

    public string Name => "growth-vacuum";

    public async Task RunAsync(BenchmarkRun run)
    {
        var prototypes = new TablePrototypes(run, Name);
        await prototypes.JournalAsync();
        await prototypes.MessagesAsync();
        var pace = new TurnPace(run, Name);
        foreach (int fillFactor in FillFactors)
        {
            await pace.MeasureAsync(fillFactor);
        }

        // What takes hours in use has seconds here. The server is asked again when this ends.
        await run.Database.ExecuteInAsync("public", "alter system set autovacuum_naptime = '1s'");
        await ReloadAsync();
        try
        {
            var curve = new GrowthCurve(run, Name, "days");
            await new ChurnRounds(run, curve, "", "tables as they are").RunAsync();
            await new ChurnRounds(run, curve, Tried, "vacuum at a twentieth of turns and a fiftieth of messages").RunAsync();
        }
        finally
        {
            await run.Database.ExecuteInAsync("public", "alter system reset autovacuum_naptime");
            await ReloadAsync();
        }

        Task ReloadAsync() => run.Database.ExecuteInAsync("public", BenchmarkSql.ReloadSettings);
    }
}
