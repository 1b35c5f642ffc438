namespace OrleansMemory.Benchmarks.Http;

/// <summary>What a load generator reached in one slice.</summary>
/// <param name="PerSecond">Answers a second.</param>
/// <param name="P50">The median of the latencies, in milliseconds.</param>
/// <param name="P99">Their 99th percentile, in milliseconds.</param>
/// <param name="SiloMicroseconds">Processor time of the silo for one answer.</param>
/// <param name="PostgresMicroseconds">Processor time of PostgreSQL for one answer; not a number where it cannot be seen.</param>
/// <param name="GeneratorMicroseconds">Processor time of the generator for one answer: what the silo did not get.</param>
internal sealed record LoadOutcome(
    double PerSecond,
    double P50,
    double P99,
    double SiloMicroseconds,
    double PostgresMicroseconds,
    double GeneratorMicroseconds
)
{
    /// <summary>A rate that something else than a load generator reached.</summary>
    /// <param name="perSecond">Operations a second.</param>
    /// <returns>The outcome; all but the rate is not a number.</returns>
    public static LoadOutcome OfRate(double perSecond) => new(perSecond, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
}
