using System.Globalization;

namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>What is done to the processes and to what is between them.</summary>
internal enum FaultKind
{
    /// <summary>SIGKILL of a silo, which is started again.</summary>
    KillSilo,

    /// <summary>SIGKILL of PostgreSQL, the postmaster and all its processes.</summary>
    KillPostgres,

    /// <summary>Both at once.</summary>
    KillBoth,

    /// <summary>SIGSTOP of a silo, later SIGCONT.</summary>
    FreezeSilo,

    /// <summary>SIGSTOP of PostgreSQL, all its processes.</summary>
    FreezePostgres,

    /// <summary>A silo does not reach PostgreSQL.</summary>
    CutDatabase,

    /// <summary>A silo is not reached by the others, or none of them by any.</summary>
    CutSilos,

    /// <summary>A silo's wall clock is set, later set right.</summary>
    StepClock,
}

/// <summary>One fault of a schedule.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Silo">To which silo; -1 for all, or where it is to none.</param>
/// <param name="At">When, from the schedule's start.</param>
/// <param name="For">How long it lasts; for a kill, until the start again.</param>
/// <param name="Detail">The seconds that a clock is off; 1 for a cut in which bytes vanish, 0 for one that ends connections.</param>
internal sealed record Fault(FaultKind Kind, int Silo, TimeSpan At, TimeSpan For, int Detail = 0)
{
    /// <summary>The instant at which it is over.</summary>
    public TimeSpan End => At + For;

    /// <summary>Whether it is about PostgreSQL's processes.</summary>
    public bool TakesPostgres => Kind is FaultKind.KillPostgres or FaultKind.KillBoth or FaultKind.FreezePostgres;

    /// <summary>Whether it is about a silo's process.</summary>
    public bool TakesSilo => Kind is FaultKind.KillSilo or FaultKind.KillBoth or FaultKind.FreezeSilo;

    /// <summary>Whether both want the same process.</summary>
    public bool Clashes(Fault other) =>
        (TakesSilo && other.TakesSilo && Silo == other.Silo)
        || (TakesPostgres && other.TakesPostgres && Overlaps(other))
        || (Kind == other.Kind && Kind is FaultKind.StepClock or FaultKind.CutSilos or FaultKind.CutDatabase);

    public override string ToString()
    {
        string silo = Silo < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {Silo}");
        string detail = Kind switch
        {
            FaultKind.StepClock => string.Create(CultureInfo.InvariantCulture, $" {Detail:+0;-0} s"),
            FaultKind.CutDatabase or FaultKind.CutSilos => Detail == 1 ? " silently" : "",
            _ => "",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{Kind}{silo}{detail} at {At.TotalSeconds:0.00} for {For.TotalSeconds:0.00}");
    }

    private bool Overlaps(Fault other) => At <= other.End + SchedulePlan.Apart && other.At <= End + SchedulePlan.Apart;
}
