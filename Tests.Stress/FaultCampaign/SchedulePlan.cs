using System.Globalization;

namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>What a seed stands for: the faults and the load of one schedule.</summary>
/// <param name="Faults">The faults by their beginnings.</param>
/// <param name="Writers">How many write at once.</param>
/// <param name="Pace">How long a writer waits after each turn.</param>
internal sealed record SchedulePlan(int Seed, IReadOnlyList<Fault> Faults, int Writers, TimeSpan Pace)
{
    /// <summary>How many silos there are.</summary>
    public const int Silos = 3;

    private const int MaxFaults = 3;
    private const double LongFreezes = 0.3;

    private static readonly int[] Steps = [2, 4, -2, -4, 8, 20, -8, -20];

    /// <summary>PostgreSQL runs for so long between two faults of its own.</summary>
    public static TimeSpan Apart { get; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How long the load goes on at least.</summary>
    public TimeSpan Work => TimeSpan.FromSeconds(Math.Max(1.2, Faults.Max(fault => fault.End.TotalSeconds) + 0.3));

    /// <summary>The plan of a seed: always the same.</summary>
    public static SchedulePlan Generate(int seed)
    {
        var random = new Random(seed);
        int count = random.Next(1, MaxFaults + 1);
        var faults = new List<Fault>();
        while (faults.Count < count)
        {
            Fault next = Draw(random);
            if (!faults.Exists(next.Clashes))
            {
                faults.Add(next);
            }
        }

        return new SchedulePlan(
            seed,
            [.. faults.OrderBy(fault => fault.At)],
            random.Next(2, 5),
            TimeSpan.FromMilliseconds(random.Next(10, 40))
        );
    }

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{string.Join("; ", Faults)}; {Writers} writers every {Pace.TotalMilliseconds:0} ms for {Work.TotalSeconds:0.00}"
        );

    private static Fault Draw(Random random)
    {
        var kind = (FaultKind)random.Next(Enum.GetValues<FaultKind>().Length);
        TimeSpan at = Between(random, 0.2, 1.0);
        int silo = random.Next(Silos);
        return kind switch
        {
            FaultKind.KillSilo => new Fault(kind, silo, at, Between(random, 0, 0.5)),
            FaultKind.KillPostgres => new Fault(kind, -1, at, Between(random, 0, 0.6)),
            FaultKind.KillBoth => new Fault(kind, silo, at, Between(random, 0, 0.5)),
            FaultKind.FreezeSilo => new Fault(
                kind,
                silo,
                at,
                random.NextDouble() < LongFreezes ? Between(random, 3.5, 5.5) : Between(random, 0.2, 1.5)
            ),
            FaultKind.FreezePostgres => new Fault(kind, -1, at, Between(random, 0.2, 2)),
            FaultKind.CutDatabase => new Fault(kind, silo, at, Between(random, 0.3, 2.5), random.Next(2)),
            FaultKind.CutSilos => new Fault(kind, random.Next(2) == 0 ? -1 : silo, at, Between(random, 0.3, 2.5), random.Next(2)),
            _ => new Fault(kind, silo, at, Between(random, 1.2, 2.5), Steps[random.Next(Steps.Length)]),
        };
    }

    private static TimeSpan Between(Random random, double from, double to) =>
        TimeSpan.FromSeconds(Math.Round(from + (random.NextDouble() * (to - from)), 2));
}
