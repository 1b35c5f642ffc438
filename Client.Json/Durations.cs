using OrleansMemory.Errors;

namespace OrleansMemory.Client.Json;

/// <summary>Turns numbers of seconds into durations.</summary>
public static class Durations
{
    private const decimal MaxSeconds = 36_500m * 24 * 60 * 60;

    /// <summary>A duration of so many seconds.</summary>
    /// <param name="seconds">More than 0, at most 36,500 days, fractions allowed.</param>
    /// <param name="parameter">What to name in an error.</param>
    /// <returns>The duration.</returns>
    /// <exception cref="InvalidRequestException">The number is out of range.</exception>
    public static TimeSpan FromSeconds(decimal seconds, string parameter) =>
        seconds is > 0 and <= MaxSeconds
            ? TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond))
            : throw new InvalidRequestException(
                parameter,
                "A duration is more than 0 seconds and at most 36,500 days (3,153,600,000 seconds)."
            );
}
