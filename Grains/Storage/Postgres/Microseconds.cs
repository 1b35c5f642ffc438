using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>Times to live as they are stored.</summary>
internal static class Microseconds
{
    public static long? ToMicroseconds(this TimeToLive? timeToLive) => timeToLive?.Duration.Ticks / TimeSpan.TicksPerMicrosecond;

    public static TimeToLive? FromMicroseconds(long? microseconds, bool sliding) => microseconds is { } value
        ? new TimeToLive { Duration = TimeSpan.FromTicks(value * TimeSpan.TicksPerMicrosecond), Sliding = sliding }
        : null;
}
