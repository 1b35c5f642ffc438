using System.Diagnostics;
using OrleansMemory.Benchmarks.Database;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Recall;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Benchmarks.Subjects;

namespace OrleansMemory.Benchmarks;

/// <summary>What all benchmarks of one run share.</summary>
/// <param name="database">A database of this run's own.</param>
/// <param name="slice">How long one contender is measured at a time.</param>
/// <param name="conversations">How many conversations with a time to live there are.</param>
/// <param name="silo">A published silo's program; <see langword="null"/> for the one beside this program.</param>
/// <param name="largest">The largest size of questions about growth; <see langword="null"/> for each question's own.</param>
/// <param name="recallFiles">What the quality of recall is measured on; <see langword="null"/> when it is not.</param>
internal sealed class BenchmarkRun(
    BenchmarkDatabase database,
    TimeSpan slice,
    int conversations,
    string? silo,
    int? largest,
    RecallFiles? recallFiles
)
{
    // Five rounds: enough for a median that one disturbed round does not move, few enough to be waited for.
    private const int Rounds = 5;

    private static readonly long Started = Stopwatch.GetTimestamp();

    private readonly List<Figure> _figures = [];
    private LengthSchema? _lengths;

    /// <summary>Where to measure.</summary>
    public BenchmarkDatabase Database => database;

    /// <summary>How long one contender is measured at a time.</summary>
    public TimeSpan Slice => slice;

    /// <summary>How many conversations with a time to live there are.</summary>
    public int Conversations => conversations;

    /// <summary>The program of the silo that questions start.</summary>
    public string Silo => silo ?? Path.Combine(AppContext.BaseDirectory, "OrleansMemory.Silo.dll");

    /// <summary>Which sizes of a question about growth are measured.</summary>
    /// <param name="sizes">Its own sizes, ascending.</param>
    /// <returns>Those that are not larger than the command line allows.</returns>
    public IEnumerable<int> UpToLargest(IEnumerable<int> sizes) => sizes.Where(size => largest is null || size <= largest);

    /// <summary>What the quality of recall is measured on; <see langword="null"/> when it is not.</summary>
    public RecallFiles? RecallFiles => recallFiles;

    /// <summary>What was reported so far.</summary>
    public IReadOnlyList<Figure> Figures => _figures;

    /// <summary>Lets contenders take turns, from a settled server each time.</summary>
    /// <typeparam name="T">What a measurement gives.</typeparam>
    /// <param name="contenders">Each measures itself once.</param>
    /// <returns>For every contender, in their order, what the rounds gave.</returns>
    public Task<T[][]> AlternateAsync<T>(params Func<Task<T>>[] contenders) =>
        Alternation.RunAsync(Rounds, database.SettleAsync, contenders);

    /// <summary>Runs callers in a closed loop for one slice.</summary>
    /// <param name="callers">How many.</param>
    /// <param name="operation">One operation of the caller with the given number, from 0.</param>
    /// <returns>What they reached.</returns>
    public Task<LoopResult> LoopAsync(int callers, Func<int, ValueTask> operation) =>
        new ClosedLoop(database.ReadWorkAsync).RunAsync(callers, slice, operation);

    /// <summary>Conversations of several lengths; made when they are first asked for.</summary>
    /// <returns>The schema that holds them.</returns>
    public async Task<LengthSchema> LengthsAsync()
    {
        if (_lengths is null)
        {
            Tell("making long conversations");
            _lengths = await LengthSchema.CreateAsync(database);
        }

        return _lengths;
    }

    /// <summary>Tells what goes on, on the error stream: the output belongs to the figures.</summary>
    /// <param name="text">What goes on.</param>
    public static void Tell(string text) =>
        Console.Error.WriteLine(FormattableString.Invariant($"[{Stopwatch.GetElapsedTime(Started).TotalSeconds,6:F1} s] {text}"));

    /// <summary>Adds a figure.</summary>
    /// <param name="figure">The figure.</param>
    public void Report(Figure figure)
    {
        _figures.Add(figure);
        Tell(FigureTable.Line(figure));
    }
}
