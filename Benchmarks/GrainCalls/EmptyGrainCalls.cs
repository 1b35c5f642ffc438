using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;

namespace OrleansMemory.Benchmarks.GrainCalls;

/// <summary>What does a call of a grain that does nothing cost? There is no floor but the call itself.</summary>
internal sealed class EmptyGrainCalls : IBenchmark
{
    // The host has to be far cheaper than what its grains do.
    private const double CallsPerSecond = 300_000;

    public string Name => "calls";

    public async Task RunAsync(BenchmarkRun run)
    {
        foreach (GrainCallFigures figures in await GrainCallBenchmark.RunAsync(run.Slice, CancellationToken.None))
        {
            string what = FormattableString.Invariant($"empty calls, {figures.Callers} callers over {figures.Grains} grains");
            run.Report(new Figure(Name, what, "/s", Samples.Of(figures.CallsPerSecond)) { Target = Target.NoLessThan(CallsPerSecond) });
            run.Report(new Figure(Name, what + ", allocated per call", "bytes", Samples.Of(figures.BytesPerCall)));
        }
    }
}
