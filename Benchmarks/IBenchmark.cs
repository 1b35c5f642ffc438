namespace OrleansMemory.Benchmarks;

/// <summary>One question, answered with figures. What it is compared with is measured in the same run, on the same server.</summary>
internal interface IBenchmark
{
    /// <summary>What it is called on the command line.</summary>
    string Name { get; }

    /// <summary>Measures, and reports its figures as they are known.</summary>
    /// <param name="run">Where to measure, how long, and where to report.</param>
    /// <returns>A task that ends when all figures are reported.</returns>
    Task RunAsync(BenchmarkRun run);
}
