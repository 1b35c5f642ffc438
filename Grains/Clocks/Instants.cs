namespace OrleansMemory.Grains.Clocks;

/// <summary>Instants as they are kept: UTC and whole microseconds, so that memory and store agree to the last digit.</summary>
internal static class Instants
{
    /// <summary>The shortest time to live.</summary>
    public static readonly TimeSpan ShortestTimeToLive = TimeSpan.FromMicroseconds(1);

    /// <summary>The longest time to live.</summary>
    public static readonly TimeSpan LongestTimeToLive = TimeSpan.FromDays(36_500);

    public static DateTimeOffset Now(this TimeProvider timeProvider) => Kept(timeProvider.GetUtcNow());

    public static DateTimeOffset Kept(DateTimeOffset instant) =>
        new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    public static TimeSpan Kept(TimeSpan duration) => new(duration.Ticks - (duration.Ticks % TimeSpan.TicksPerMicrosecond));

    /// <summary>The end of a time to live; <see langword="null"/> (never) where it lies beyond the last instant there is.</summary>
    /// <param name="instant">Its start.</param>
    /// <param name="duration">Its length.</param>
    public static DateTimeOffset? Plus(DateTimeOffset instant, TimeSpan duration) =>
        duration > DateTimeOffset.MaxValue - instant ? null : instant + Kept(duration);
}
