using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Conversations;

/// <summary>Which sequences a query touches, and from which end they are read.</summary>
/// <param name="First">The smallest sequence.</param>
/// <param name="Last">The greatest sequence; less than the first where there are none.</param>
/// <param name="Reading">Ascending reads from the first on, descending from the last back.</param>
internal readonly record struct LogRange(long First, long Last, MessageOrder Reading)
{
    /// <summary>Whether there are no such sequences.</summary>
    public bool IsEmpty => First > Last;

    /// <summary>The range of a query.</summary>
    /// <param name="query">A checked query.</param>
    /// <param name="first">The log's first sequence.</param>
    /// <param name="last">The log's last sequence.</param>
    public static LogRange Of(MessageQuery query, long first, long last)
    {
        bool forward = query.After is not null && query.Order == MessageOrder.Ascending;
        long low = query.After is { } after ? Math.Max(first, after == long.MaxValue ? after : after + 1) : first;
        long high = query.Before is { } before ? Math.Min(last, before - 1) : last;
        return new LogRange(low, high, forward ? MessageOrder.Ascending : MessageOrder.Descending);
    }

    /// <summary>What is left behind a message that has been read.</summary>
    /// <returns>The rest of the range.</returns>
    public LogRange Behind(long sequence) =>
        Reading == MessageOrder.Ascending ? this with { First = sequence + 1 } : this with { Last = sequence - 1 };
}
