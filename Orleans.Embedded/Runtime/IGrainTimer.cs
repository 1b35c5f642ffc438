namespace Orleans.Runtime;

/// <summary>A timer of a grain. It ends with the activation, or when disposed.</summary>
public interface IGrainTimer : IDisposable
{
    /// <summary>Gives the timer new times. During a tick they count from the end of that tick.</summary>
    /// <param name="dueTime">Time to the next tick; <see cref="Timeout.InfiniteTimeSpan"/> for none.</param>
    /// <param name="period">Time from the end of one tick to the next; <see cref="Timeout.InfiniteTimeSpan"/> for a single tick.</param>
    /// <exception cref="ArgumentOutOfRangeException">A time is negative and not infinite, or longer than 4,294,967,294 ms.</exception>
    void Change(TimeSpan dueTime, TimeSpan period);
}
