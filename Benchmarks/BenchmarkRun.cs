using System.Diagnostics;
using OrleansMemory.Benchmarks.Database;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;

namespace OrleansMemory.Benchmarks;

/// <summary>What all benchmarks of one run share.</summary>
/// <param name="database">A database of this run's own.</param>
/// <param name="slice">How long one contender is measured at a time.</param>
internal sealed class BenchmarkRun(BenchmarkDatabase database, TimeSpan slice)
{
    // Five rounds: enough for a median that one disturbed round does not move, few enough to be waited for.
    private const int RoundsOfTime = 5;

    private static readonly long Started = Stopwatch.GetTimestamp();

    private readonly List<Figure> _figures = [];

    /// <summary>Where to measure.</summary>
    public BenchmarkDatabase Database => database;

    /// <summary>How long one contender is measured at a time.</summary>
    public TimeSpan Slice => slice;

    /// <summary>What was reported so far.</summary>
    public IReadOnlyList<Figure> Figures => _figures;

    /// <summary>Lets contenders take turns, from a settled server each time.</summary>
    /// <param name="contenders">The contenders.</param>
    /// <returns>What each of them reached, in their order.</returns>
    public Task<Samples[]> AlternateAsync(params Contender[] contenders) => Alternation.RunAsync(RoundsOfTime, database.SettleAsync, contenders);

    /// <summary>Tells what goes on, on the error stream: the output belongs to the figures.</summary>
    /// <param name="text">What goes on.</param>
    public static void Tell(string text) => Console.Error.WriteLine(
        FormattableString.Invariant($"[{Stopwatch.GetElapsedTime(Started).TotalSeconds,6:F1} s] {text}"));

    /// <summary>Adds a figure.</summary>
    /// <param name="figure">The figure.</param>
    public void Report(Figure figure)
    {
        _figures.Add(figure);
        Tell(FigureTable.Line(figure));
    }
}
