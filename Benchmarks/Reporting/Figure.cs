using OrleansMemory.Benchmarks.Measuring;

namespace OrleansMemory.Benchmarks.Reporting;

/// <summary>One measured figure.</summary>
/// <param name="Benchmark">The benchmark that measured it.</param>
/// <param name="What">What was measured.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Measured">The measurements.</param>
internal sealed record Figure(string Benchmark, string What, string Unit, Samples Measured)
{
    /// <summary>What it is compared with; <see langword="null"/> where there is nothing.</summary>
    public Comparison? Floor { get; init; }

    /// <summary>Where on a curve it stands; <see langword="null"/> where it is none's.</summary>
    public CurvePoint? Curve { get; init; }

    /// <summary>What it has to reach; <see langword="null"/> where nothing is asked.</summary>
    public Target? Target { get; init; }

    /// <summary>Whether the target is reached; <see langword="null"/> where there is none.</summary>
    public bool? Reached => Target?.IsReached(Target.OfRatio ? Floor!.Ratio.Median : Measured.Median);
}

/// <summary>What a figure is compared with, measured in the same run.</summary>
/// <param name="What">What it is.</param>
/// <param name="Measured">Its measurements, in the figure's unit.</param>
/// <param name="Ratio">The figure by them, round by round.</param>
internal sealed record Comparison(string What, Samples Measured, Samples Ratio)
{
    public static Comparison Of(string what, Samples figure, Samples floor) => new(what, floor, figure.Over(floor));
}

/// <summary>What a figure has to reach.</summary>
/// <param name="Bound">The bound.</param>
/// <param name="AtLeast">Whether it is a lower bound.</param>
/// <param name="OfRatio">Whether it bounds the ratio to the floor, not the figure itself.</param>
internal sealed record Target(double Bound, bool AtLeast, bool OfRatio)
{
    public static Target RatioAtLeast(double bound) => new(bound, AtLeast: true, OfRatio: true);

    public static Target RatioAtMost(double bound) => new(bound, AtLeast: false, OfRatio: true);

    public static Target NoLessThan(double bound) => new(bound, AtLeast: true, OfRatio: false);

    public static Target AtMost(double bound) => new(bound, AtLeast: false, OfRatio: false);

    public bool IsReached(double value) => AtLeast ? value >= Bound : value <= Bound;

    public override string ToString() => FormattableString.Invariant($"{(AtLeast ? "≥" : "≤")} {Bound:#,0.##}{(OfRatio ? " ×" : "")}");
}
