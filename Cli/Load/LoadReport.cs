using System.Text.Json.Serialization;

namespace OrleansMemory.Cli.Load;

/// <summary>What a load came to. Times are milliseconds that a caller waited for an answer.</summary>
/// <param name="Turns">Turns that were committed.</param>
/// <param name="Refused">Turns that were refused because the silo had too much to do (429 or 503).</param>
/// <param name="PerSecond">Committed turns a second.</param>
/// <param name="P50">Half of them took no longer.</param>
/// <param name="P90">Nine of ten.</param>
/// <param name="P99">99 of 100.</param>
/// <param name="P999">999 of 1,000.</param>
/// <param name="Most">The longest.</param>
internal sealed record LoadReport(
    [property: JsonPropertyName("turns")] int Turns,
    [property: JsonPropertyName("refused")] int Refused,
    [property: JsonPropertyName("perSecond")] double PerSecond,
    [property: JsonPropertyName("p50")] double P50,
    [property: JsonPropertyName("p90")] double P90,
    [property: JsonPropertyName("p99")] double P99,
    [property: JsonPropertyName("p999")] double P999,
    [property: JsonPropertyName("most")] double Most
)
{
    /// <summary>Reports of what callers measured.</summary>
    /// <param name="milliseconds">What each turn took, in any order.</param>
    /// <param name="refused">How many were refused.</param>
    /// <param name="time">How long it took altogether.</param>
    public static LoadReport Of(double[] milliseconds, int refused, TimeSpan time)
    {
        Array.Sort(milliseconds);
        return new LoadReport(
            milliseconds.Length,
            refused,
            milliseconds.Length / time.TotalSeconds,
            At(0.5),
            At(0.9),
            At(0.99),
            At(0.999),
            At(1)
        );

        // The nearest rank.
        double At(double part) =>
            milliseconds.Length == 0 ? 0 : milliseconds[Math.Max(0, (int)Math.Ceiling(part * milliseconds.Length) - 1)];
    }
}
