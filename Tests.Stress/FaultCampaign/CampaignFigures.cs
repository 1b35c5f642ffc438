using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>What a campaign did and found, added up over its schedules.</summary>
internal sealed class CampaignFigures
{
    /// <summary>The counts by their names.</summary>
    public SortedDictionary<string, long> Counts { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The faults by their kinds.</summary>
    public SortedDictionary<string, long> Faults { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The violations by their checks.</summary>
    public SortedDictionary<string, long> Violations { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The longest time without an acknowledged turn, by the kind of a fault that was alone in its schedule.</summary>
    public SortedDictionary<string, double> Pauses { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The seeds of schedules with violations.</summary>
    public SortedSet<int> Seeds { get; init; } = [];

    /// <summary>What a file holds; nothing where there is none.</summary>
    public static CampaignFigures Load(string? file) =>
        File.Exists(file) ? JsonSerializer.Deserialize<CampaignFigures>(File.ReadAllText(file))! : new CampaignFigures();

    /// <summary>Keeps it.</summary>
    /// <param name="file">The file; <see langword="null"/> for nowhere.</param>
    public void Save(string? file)
    {
        if (file is not null)
        {
            File.WriteAllText(file + ".new", JsonSerializer.Serialize(this));
            File.Move(file + ".new", file, overwrite: true);
        }
    }

    /// <summary>Adds a schedule.</summary>
    /// <param name="history">What was seen.</param>
    /// <param name="violations">What was wrong.</param>
    public void Add(SchedulePlan plan, History history, IReadOnlyList<Violation> violations)
    {
        (string, long)[] counts =
        [
            ("schedules", 1),
            ("acknowledged turns", history.Turns.Count),
            ("forks", history.Forks.Count),
            ("deletions", history.Deletions.Count),
            ("erasures", history.Erasures.Count / 2),
            ("entries and conversations with a TTL", history.Lives.Count),
            ("looks at them", history.Looks.Count),
            ("reads", history.Reads.Count),
            ("feed events", history.Feeds.Count(next => next.Name != "opened")),
            ("whole logs read afterwards", history.Logs.Count),
        ];
        foreach ((string name, long count) in counts)
        {
            Counts[name] = Counts.GetValueOrDefault(name) + count;
        }

        foreach (Fault fault in plan.Faults)
        {
            Faults[fault.Kind.ToString()] = Faults.GetValueOrDefault(fault.Kind.ToString()) + 1;
        }

        foreach (Violation violation in violations)
        {
            Violations[violation.Check] = Violations.GetValueOrDefault(violation.Check) + 1;
            Seeds.Add(plan.Seed);
        }

        if (plan.Faults is [Fault only])
        {
            string kind = only.Kind.ToString();
            Pauses[kind] = Math.Max(Pauses.GetValueOrDefault(kind), LongestPause(history));
        }
    }

    /// <summary>The table, in Markdown.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("| what | number |\n|---|---|\n");
        foreach ((string name, long count) in Counts)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {count:N0} |\n");
        }

        text.Append("\n| fault | times | longest time without an acknowledged turn, s |\n|---|---|---|\n");
        foreach (FaultKind kind in Enum.GetValues<FaultKind>())
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {kind} | {Faults.GetValueOrDefault(kind.ToString()):N0} | {Pauses.GetValueOrDefault(kind.ToString()):0.0} |\n"
            );
        }

        text.Append("\n| check | violations |\n|---|---|\n");
        foreach (string check in Checks.Names)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {check} | {Violations.GetValueOrDefault(check):N0} |\n");
        }

        return text.Append(Seeds.Count == 0 ? "" : "\nSeeds with violations: " + string.Join(", ", Seeds) + "\n").ToString();
    }

    private static double LongestPause(History history)
    {
        DateTimeOffset[] times = [.. history.Turns.Select(turn => turn.At).Order()];
        return times.Zip(times.Skip(1), (before, after) => (after - before).TotalSeconds).DefaultIfEmpty(0).Max();
    }
}
