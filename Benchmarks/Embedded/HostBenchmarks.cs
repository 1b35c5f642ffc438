namespace OrleansMemory.Benchmarks;

/// <summary>What only this build's host is asked: nothing more.</summary>
internal static class HostBenchmarks
{
    /// <summary>The benchmarks.</summary>
    public static readonly IBenchmark[] All = [];
}
