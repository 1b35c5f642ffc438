namespace OrleansMemory.Benchmarks.GrainCalls;

/// <summary>What one run of <see cref="GrainCallBenchmark"/> measured.</summary>
/// <param name="Callers">How many callers called one after the other, all at the same time.</param>
/// <param name="Grains">Over how many grains they were spread.</param>
/// <param name="Calls">Calls that were answered.</param>
/// <param name="Elapsed">How long that took.</param>
/// <param name="AllocatedBytes">What the process allocated meanwhile, caller and host together.</param>
internal sealed record GrainCallFigures(int Callers, int Grains, long Calls, TimeSpan Elapsed, long AllocatedBytes)
{
    /// <summary>Calls per second.</summary>
    public double CallsPerSecond => Calls / Elapsed.TotalSeconds;

    /// <summary>Bytes allocated per call.</summary>
    public double BytesPerCall => (double)AllocatedBytes / Calls;
}
