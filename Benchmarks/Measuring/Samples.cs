namespace OrleansMemory.Benchmarks.Measuring;

/// <summary>Repeated measurements of one thing.</summary>
/// <param name="Values">The measurements, in the order in which they were taken.</param>
internal sealed record Samples(IReadOnlyList<double> Values)
{
    /// <summary>The middle one.</summary>
    public double Median => Quantile(0.5);

    /// <summary>The smallest one.</summary>
    public double Least => Values.Min();

    /// <summary>The greatest one.</summary>
    public double Most => Values.Max();

    /// <summary>One measurement, taken once.</summary>
    /// <param name="value">The measurement.</param>
    /// <returns>The samples.</returns>
    public static Samples Of(double value) => new([value]);

    /// <summary>One number of each of several results.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="results">The results.</param>
    /// <param name="number">The number.</param>
    /// <returns>The samples.</returns>
    public static Samples Of<T>(IEnumerable<T> results, Func<T, double> number) => new([.. results.Select(number)]);

    /// <summary>These measurements by others, round by round, so that what disturbed a round disturbs both sides of the ratio.</summary>
    /// <param name="floor">The others.</param>
    /// <returns>The ratios.</returns>
    public Samples Over(Samples floor) =>
        Values.Count == floor.Values.Count
            ? new Samples([.. Values.Zip(floor.Values, (value, other) => value / other)])
            : Of(Median / floor.Median);

    /// <summary>What these measurements are more than others, round by round.</summary>
    /// <param name="floor">The others, as many.</param>
    /// <returns>The differences.</returns>
    public Samples Less(Samples floor) => new([.. Values.Zip(floor.Values, (value, other) => value - other)]);

    /// <summary>
    /// The measurement below which a part of them lies (nearest rank; the mean of the middle two for an even number's half).
    /// </summary>
    /// <param name="part">The part, 0 to 1.</param>
    /// <returns>The measurement.</returns>
    public double Quantile(double part)
    {
        double[] sorted = [.. Values.Order()];
        return sorted.Length % 2 == 0 && part == 0.5
            ? (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2
            : sorted[Math.Clamp((int)Math.Ceiling(part * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
