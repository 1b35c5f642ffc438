namespace OrleansMemory.Silo.Limits;

/// <summary>
/// So many requests a second, and as many at once after a pause of a second: the generic cell rate algorithm of ITU-T I.371, which keeps
/// one instant.
/// </summary>
/// <param name="perSecond">How many a second, 1 or more.</param>
internal sealed class RequestRate(int perSecond)
{
    private readonly long _interval = TimeSpan.TicksPerSecond / perSecond;

    // When the requests that were let in would have come if they had come evenly.
    private long _due;

    /// <summary>How many a second.</summary>
    public int PerSecond => perSecond;

    /// <summary>Lets a request in, or says how long it is too early.</summary>
    /// <param name="now">The time, in ticks.</param>
    /// <returns><see langword="null"/> for a request that is let in; else the pause after which one is.</returns>
    public TimeSpan? TryTake(long now)
    {
        while (true)
        {
            long due = Interlocked.Read(ref _due);
            long next = Math.Max(due, now) + _interval;
            long early = next - now - (_interval * perSecond);
            if (early > 0)
            {
                return TimeSpan.FromTicks(early);
            }

            if (Interlocked.CompareExchange(ref _due, next, due) == due)
            {
                return null;
            }
        }
    }
}
