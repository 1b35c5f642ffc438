using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;

namespace OrleansMemory.Benchmarks.Growth;

/// <summary>Figures that are measured again at every size. Each is compared with the same one at the smallest size.</summary>
/// <param name="run">Where to report.</param>
/// <param name="benchmark">The question.</param>
/// <param name="of">What there are more and more of.</param>
internal sealed class GrowthCurve(BenchmarkRun run, string benchmark, string of)
{
    private readonly Dictionary<string, (long Size, Samples Measured)> _smallest = new(StringComparer.Ordinal);

    /// <summary>Reports one figure at one size.</summary>
    /// <param name="what">What was measured.</param>
    /// <param name="unit">Its unit.</param>
    /// <param name="size">How many there were.</param>
    /// <param name="measured">The measurements.</param>
    public void Report(string what, string unit, long size, Samples measured)
    {
        bool compared = _smallest.TryGetValue(what, out (long Size, Samples Measured) smallest);
        if (!compared)
        {
            _smallest[what] = (size, measured);
        }

        run.Report(
            new Figure(benchmark, FormattableString.Invariant($"{what}, {size:N0} {of}"), unit, measured)
            {
                Floor =
                    compared && smallest.Measured.Median != 0
                        ? Comparison.Of(FormattableString.Invariant($"{smallest.Size:N0}"), measured, smallest.Measured)
                        : null,
                Curve = new CurvePoint(what, size),
            }
        );
    }

    /// <summary>Reports one number at one size.</summary>
    /// <param name="what">What was measured.</param>
    /// <param name="unit">Its unit.</param>
    /// <param name="size">How many there were.</param>
    /// <param name="measured">The number.</param>
    public void Report(string what, string unit, long size, double measured) => Report(what, unit, size, Samples.Of(measured));
}
