namespace OrleansMemory.Benchmarks.Plots;

/// <summary>One picture.</summary>
/// <param name="File">The file's name, without its ending.</param>
/// <param name="Title">What stands above it.</param>
/// <param name="Of">What the horizontal axis counts.</param>
/// <param name="Unit">What the vertical axis measures.</param>
/// <param name="Scale">How the axes are divided.</param>
/// <param name="Benchmark">The question whose figures it shows.</param>
/// <param name="Curves">The curves by the names of their figures, each with what the legend calls it.</param>
internal sealed record Chart(
    string File,
    string Title,
    string Of,
    string Unit,
    ChartScale Scale,
    string Benchmark,
    params (string Name, string Legend)[] Curves
);

/// <summary>How the axes of a picture are divided.</summary>
internal enum ChartScale
{
    /// <summary>Both evenly.</summary>
    Even,

    /// <summary>The horizontal one by powers of ten.</summary>
    PowersAcross,

    /// <summary>Both by powers of ten.</summary>
    Powers,
}
