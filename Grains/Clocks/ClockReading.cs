using System.Collections.Immutable;

namespace OrleansMemory.Grains.Clocks;

/// <summary>What the database's clock said at a moment of this process.</summary>
/// <param name="Timestamp">The moment, as a timestamp of the host.</param>
/// <param name="Error">By how much the two may belong to different moments, at most.</param>
internal sealed record ClockReading(DateTimeOffset Time, long Timestamp, TimeSpan Error)
{
    /// <summary>
    /// Takes the sample with the shortest round trip, and its middle for the moment at which the database read its clock.
    /// </summary>
    /// <param name="samples">The samples, one at least.</param>
    public static ClockReading Of(ImmutableArray<ClockSample> samples)
    {
        ClockSample best = samples.MinBy(sample => sample.RoundTrip);
        return new ClockReading(best.Time + (best.RoundTrip / 2), best.Answered, best.RoundTrip / 2);
    }
}
