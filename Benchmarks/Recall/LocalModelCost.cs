using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.LocalEmbeddings;
using OrleansMemory.Memories;

namespace OrleansMemory.Benchmarks.Recall;

/// <summary>
/// What does a model in the process cost: to load, for a question, for memories of several lengths, and in memory? Processor time changes
/// least on a busy machine.
/// </summary>
internal sealed class LocalModelCost : IBenchmark
{
    // A turn of talk, a paragraph, and more than the model looks at: what is computed grows with the tokens, memory with their square.
    private static readonly int[] Words = [20, 100, 600];

    private static readonly string[] Talk = (
        "Last year the frost came late, so we said that the tomatoes should not be planted before the end of May; my sister wants to build a greenhouse beside the garage "
        + "and asked whether you could help her on Saturday, because the old windows from the kitchen are heavy and somebody has to drive them there."
    ).Split(' ');

    private const int Questions = 200;
    private const int Batch = 64; // as the silo asks for

    public string Name => "local-model";

    public async Task RunAsync(BenchmarkRun run)
    {
        foreach (int threads in new[] { 1, 2 })
        {
            await MeasureAsync(run, threads);
        }
    }

    private async Task MeasureAsync(BenchmarkRun run, int threads)
    {
        string of = FormattableString.Invariant($"{threads} threads");
        long before = Resident();
        long started = Stopwatch.GetTimestamp();
        using var generator = new LocalEmbeddingGenerator(Options.Create(new LocalEmbeddingOptions { Threads = threads }));
        run.Report(new Figure(Name, $"loading the model, {of}", "ms", Samples.Of(Stopwatch.GetElapsedTime(started).TotalMilliseconds)));
        if (threads == 1)
        {
            run.Report(new Figure(Name, $"resident memory after that, {of}", "MB", Samples.Of(Resident() - before)));
        }

        var query = new EmbeddingGenerationOptions
        {
            AdditionalProperties = new AdditionalPropertiesDictionary { [EmbeddingInput.PropertyName] = EmbeddingInput.Query },
        };
        var milliseconds = new List<double>();
        TimeSpan processor = Processor();
        for (int i = 0; i < Questions; i++)
        {
            milliseconds.Add(
                (
                    await PairedTimes.TimeAsync(() =>
                        generator.GenerateAsync(["When did we say that the tomatoes should be planted?"], query)
                    )
                ).TotalMilliseconds
            );
        }

        run.Report(
            new Figure(
                Name,
                $"processor time of a question, {of}",
                "ms",
                Samples.Of((Processor() - processor).TotalMilliseconds / Questions)
            )
        );
        run.Report(new Figure(Name, $"a question, p50, {of}", "ms", Samples.Of(new Samples(milliseconds).Median)));
        run.Report(new Figure(Name, $"a question, p99, {of}", "ms", Samples.Of(new Samples(milliseconds).Quantile(0.99))));
        foreach (int words in Words)
        {
            string[] texts = [.. Enumerable.Range(0, Batch).Select(i => Text(words, i))];
            processor = Processor();
            started = Stopwatch.GetTimestamp();
            await generator.GenerateAsync(texts);
            run.Report(
                new Figure(
                    Name,
                    $"memories of {words} words, {of}",
                    "/s",
                    Samples.Of(Batch / Stopwatch.GetElapsedTime(started).TotalSeconds)
                )
            );
            run.Report(
                new Figure(
                    Name,
                    $"processor time of such a memory, {of}",
                    "ms",
                    Samples.Of((Processor() - processor).TotalMilliseconds / Batch)
                )
            );
        }

        if (threads == 1)
        {
            run.Report(new Figure(Name, $"resident memory after all that, {of}", "MB", Samples.Of(Resident() - before)));
        }
    }

    /// <summary>Words of everyday talk, of which a model knows most: a word is a bit more than a token.</summary>
    private static string Text(int words, int first) => string.Join(' ', Enumerable.Range(first, words).Select(i => Talk[i % Talk.Length]));

    private static TimeSpan Processor()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64 >> 20;
    }
}
