namespace OrleansMemory.Benchmarks.Measuring;

/// <summary>Something that is measured in turn with others.</summary>
/// <param name="Name">What it is.</param>
/// <param name="MeasureAsync">Measures it once.</param>
internal sealed record Contender(string Name, Func<Task<double>> MeasureAsync);
