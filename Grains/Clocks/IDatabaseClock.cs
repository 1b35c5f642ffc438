using System.Collections.Immutable;
using OrleansMemory.Errors;

namespace OrleansMemory.Grains.Clocks;

/// <summary>The clock of a store that is shared by silos. A store that has none is not registered as one.</summary>
/// <remarks>
/// <para><b>Fairness.</b> A sample is timed from just before the question to just after the answer, on a connection that is open already.
/// The store has read its clock somewhere in between: with the middle taken for that moment, the error is at most half the round
/// trip.</para>
/// <para><b>Time.</b> Samples are timed by <see cref="TimeProvider.GetTimestamp"/> of the host's <see cref="TimeProvider"/>, which a step
/// of the wall clock does not move.</para>
/// <para><b>Failures.</b> <see cref="MemoryUnavailableException"/> where the store does not answer; no samples then.</para>
/// </remarks>
internal interface IDatabaseClock
{
    /// <summary>Asks for the time, several times in a row.</summary>
    /// <param name="samples">How often, 1 at least.</param>
    /// <returns>As many samples, in the order in which they were taken.</returns>
    Task<ImmutableArray<ClockSample>> SampleAsync(int samples, CancellationToken cancellationToken);
}

/// <summary>One answer of a store's clock.</summary>
/// <param name="Time">What it said.</param>
/// <param name="Answered">When the answer was there, as a timestamp of the host.</param>
/// <param name="RoundTrip">How long the answer took.</param>
internal readonly record struct ClockSample(DateTimeOffset Time, long Answered, TimeSpan RoundTrip);
