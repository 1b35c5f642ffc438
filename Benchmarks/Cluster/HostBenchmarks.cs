using OrleansMemory.Benchmarks.Cluster;

namespace OrleansMemory.Benchmarks;

/// <summary>What only this build's host is asked: what Orleans itself offers for a log, and what the way to another silo costs.</summary>
internal static class HostBenchmarks
{
    /// <summary>The benchmarks.</summary>
    public static readonly IBenchmark[] All = [new NaiveGrains(), new RemoteSilo()];
}
