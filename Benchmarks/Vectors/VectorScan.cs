using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Grains.Memories.Vectors;

namespace OrleansMemory.Benchmarks.Vectors;

/// <summary>How long does the exact search of all vectors of a scope take, and what does a vector cost?</summary>
internal sealed class VectorScan : IBenchmark
{
    // What small local models make, and what large hosted ones make.
    private static readonly int[] Dimensions = [384, 1_536];

    // A large scope, and the size at which a machine's memory bandwidth is the limit.
    private static readonly int[] Counts = [10_000, 100_000];

    public string Name => "vectors";

    public Task RunAsync(BenchmarkRun run)
    {
        foreach (int dimensions in Dimensions)
        {
            foreach (int count in Counts)
            {
                Measure(run, dimensions, count);
            }
        }

        return Task.CompletedTask;
    }

    private void Measure(BenchmarkRun run, int dimensions, int count)
    {
        var random = new Random(1);
        var index = new VectorIndex(dimensions);
        for (int i = 0; i < count; i++)
        {
            index.Put(FormattableString.Invariant($"{i:x32}"), Vector(random, dimensions));
        }

        float[] query = Vector(random, dimensions);
        long end = TimeProvider.System.GetTimestamp() + (long)(run.Slice.TotalSeconds * TimeProvider.System.TimestampFrequency);
        List<double> times = [];
        do
        {
            long started = TimeProvider.System.GetTimestamp();
            index.Search(query, 100);
            times.Add(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds);
        } while (TimeProvider.System.GetTimestamp() < end);

        // The first ones were not compiled to the end.
        var samples = new Samples(times[(times.Count / 4)..]);
        string what = FormattableString.Invariant($"exact search of {count:#,0} vectors of {dimensions:#,0} dimensions");
        run.Report(new Figure(Name, $"{what}, p50", "ms", Samples.Of(samples.Median)));
        run.Report(new Figure(Name, $"{what}, p99", "ms", Samples.Of(samples.Quantile(0.99))));
        run.Report(new Figure(Name, $"{what}, memory per vector", "bytes", Samples.Of((double)index.EstimatedBytes / count)));
    }

    private static float[] Vector(Random random, int dimensions) =>
        [.. Enumerable.Range(0, dimensions).Select(_ => random.NextSingle() - 0.5f)];
}
