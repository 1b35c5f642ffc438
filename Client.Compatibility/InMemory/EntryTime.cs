using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.InMemory;

/// <summary>Times to live as conversations keep them, so that memory in this process expires at the same tick.</summary>
internal static class EntryTime
{
    /// <summary>The longest time to live.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    private static readonly TimeSpan Shortest = TimeSpan.FromMicroseconds(1);

    /// <summary>
    /// A time to live as it is meant: <see cref="Timeout.InfiniteTimeSpan"/> is without end, as <see langword="null"/> is.
    /// </summary>
    /// <returns>The time to live; <see langword="null"/> without end.</returns>
    public static TimeSpan? Meant(TimeSpan? duration) => duration == Timeout.InfiniteTimeSpan ? null : duration;

    /// <summary>A positive time to live in whole microseconds; what is shorter lives one.</summary>
    /// <param name="duration">The time to live, more than zero.</param>
    /// <param name="parameter">What to name in an error.</param>
    /// <exception cref="InvalidRequestException">It is longer than <see cref="Longest"/>.</exception>
    public static TimeSpan Kept(TimeSpan duration, string parameter)
    {
        if (duration > Longest)
        {
            throw new InvalidRequestException(
                parameter,
                FormattableString.Invariant($"{parameter} must not be longer than {Longest.Days} days.")
            );
        }

        return duration < Shortest ? Shortest : Whole(duration);
    }

    /// <summary>The end of a time to live that starts now.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="duration">The time to live; <see langword="null"/> never ends.</param>
    /// <returns>The instant from which no read sees it any more.</returns>
    public static DateTimeOffset? End(TimeProvider time, TimeSpan? duration)
    {
        DateTimeOffset now = Now(time);
        return duration is not { } given || given > DateTimeOffset.MaxValue - now ? null : now + Whole(given);
    }

    /// <summary>The instant, in UTC and whole microseconds.</summary>
    /// <param name="time">The clock.</param>
    public static DateTimeOffset Now(TimeProvider time)
    {
        long ticks = time.GetUtcNow().UtcTicks;
        return new DateTimeOffset(ticks - (ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
    }

    private static TimeSpan Whole(TimeSpan duration) => new(duration.Ticks - (duration.Ticks % TimeSpan.TicksPerMicrosecond));
}
