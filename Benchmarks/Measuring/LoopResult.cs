namespace OrleansMemory.Benchmarks.Measuring;

/// <summary>What closed-loop callers reached.</summary>
/// <param name="duration">How long was measured.</param>
/// <param name="seconds">How long each operation that ended in that time took.</param>
internal sealed class LoopResult(TimeSpan duration, double[] seconds)
{
    private readonly double[] _sorted = [.. seconds.Order()];

    /// <summary>Operations per second.</summary>
    public double PerSecond => _sorted.Length / duration.TotalSeconds;

    /// <summary>The latency that a part of the operations kept, in milliseconds.</summary>
    /// <param name="part">The part, 0 to 1.</param>
    /// <returns>Milliseconds.</returns>
    public double Milliseconds(double part) =>
        _sorted.Length == 0 ? double.NaN : 1000 * _sorted[Math.Clamp((int)Math.Ceiling(part * _sorted.Length) - 1, 0, _sorted.Length - 1)];
}
