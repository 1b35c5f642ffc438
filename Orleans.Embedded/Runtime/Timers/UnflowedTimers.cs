namespace Orleans.Runtime.Timers;

/// <summary>Makes timers whose callbacks do not inherit the flow of execution, and with it the request context, of whoever makes
/// them.</summary>
internal static class UnflowedTimers
{
    internal static ITimer CreateUnflowedTimer(
        this TimeProvider time, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (ExecutionContext.IsFlowSuppressed()) return time.CreateTimer(callback, state, dueTime, period);
        using (ExecutionContext.SuppressFlow()) return time.CreateTimer(callback, state, dueTime, period);
    }
}
