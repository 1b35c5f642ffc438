using Orleans.Runtime;

namespace Orleans.Timers;

/// <summary>Makes the timers of grains.</summary>
public interface ITimerRegistry
{
    /// <summary>Starts a timer of a grain.</summary>
    /// <typeparam name="TState">The callback's state.</typeparam>
    /// <param name="grainContext">The activation the timer calls back on and ends with.</param>
    /// <param name="callback">Called at each tick.</param>
    /// <param name="state">Passed to the callback.</param>
    /// <param name="options">When to tick, and how ticks and requests go together.</param>
    IGrainTimer RegisterGrainTimer<TState>(
        IGrainContext grainContext, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options);
}
