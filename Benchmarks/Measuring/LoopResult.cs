namespace OrleansMemory.Benchmarks.Measuring;

/// <summary>What closed-loop callers reached.</summary>
/// <param name="duration">How long was measured.</param>
/// <param name="seconds">How long each operation that ended in that time took.</param>
/// <param name="done">What was done meanwhile.</param>
internal sealed class LoopResult(TimeSpan duration, double[] seconds, Work done)
{
    private readonly double[] _sorted = [.. seconds.Order()];

    /// <summary>Operations per second.</summary>
    public double PerSecond => _sorted.Length / duration.TotalSeconds;

    /// <summary>Processor time of this process for one operation, in microseconds.</summary>
    public double ClientMicroseconds => 1e6 * done.ClientSeconds / _sorted.Length;

    /// <summary>Processor time of PostgreSQL for one operation, in microseconds; not a number where it cannot be seen.</summary>
    public double ServerMicroseconds => 1e6 * done.ServerSeconds / _sorted.Length;

    /// <summary>Operations that shared one transaction.</summary>
    public double PerTransaction => (double)_sorted.Length / done.Transactions;

    /// <summary>The latency that a part of the operations kept, in milliseconds.</summary>
    /// <param name="part">The part, 0 to 1.</param>
    /// <returns>Milliseconds.</returns>
    public double Milliseconds(double part) =>
        _sorted.Length == 0 ? double.NaN : 1000 * _sorted[Math.Clamp((int)Math.Ceiling(part * _sorted.Length) - 1, 0, _sorted.Length - 1)];
}
