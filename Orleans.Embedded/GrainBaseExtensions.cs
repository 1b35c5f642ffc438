using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Timers;

namespace Orleans;

/// <summary>What a grain can ask of its activation.</summary>
public static class GrainBaseExtensions
{
    /// <summary>Ends the activation once its running requests are done. Requests that have not started go to the next activation.</summary>
    /// <param name="grain">The grain.</param>
    public static void DeactivateOnIdle(this IGrainBase grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        grain.GrainContext.Deactivate(new(DeactivationReasonCode.ApplicationRequested, "The grain asked to be deactivated."));
    }

    /// <summary>Starts a timer that calls back on this activation and ends with it.</summary>
    /// <typeparam name="TState">The callback's state.</typeparam>
    /// <param name="grain">The grain.</param>
    /// <param name="callback">Called at each tick. Its token is signalled when the timer is disposed. What it throws is logged; the timer
    /// goes on.</param>
    /// <param name="state">Passed to the callback.</param>
    /// <param name="options">When to tick, and how ticks and requests go together.</param>
    /// <returns>The timer; dispose it to stop.</returns>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(grain);
        ArgumentNullException.ThrowIfNull(callback);
        var registry = grain.GrainContext.ActivationServices.GetRequiredService<ITimerRegistry>();
        return registry.RegisterGrainTimer(grain.GrainContext, callback, state, options);
    }

    /// <inheritdoc cref="RegisterGrainTimer{TState}(IGrainBase, Func{TState, CancellationToken, Task}, TState, GrainTimerCreationOptions)" />
    public static IGrainTimer RegisterGrainTimer(
        this IGrainBase grain, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return grain.RegisterGrainTimer(static (inner, token) => inner(token), callback, options);
    }

    /// <inheritdoc cref="RegisterGrainTimer{TState}(IGrainBase, Func{TState, CancellationToken, Task}, TState, GrainTimerCreationOptions)" />
    public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<Task> callback, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return grain.RegisterGrainTimer(static (inner, _) => inner(), callback, options);
    }

    /// <inheritdoc cref="RegisterGrainTimer{TState}(IGrainBase, Func{TState, CancellationToken, Task}, TState, GrainTimerCreationOptions)" />
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain, Func<TState, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return grain.RegisterGrainTimer(static (inner, _) => inner.Callback(inner.State), (Callback: callback, State: state), options);
    }

    /// <summary>Starts a timer that calls back on this activation and ends with it.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="callback">Called at each tick. What it throws is logged; the timer goes on.</param>
    /// <param name="dueTime">Time to the first tick; <see cref="Timeout.InfiniteTimeSpan"/> for none yet.</param>
    /// <param name="period">Time from the end of one tick to the next; <see cref="Timeout.InfiniteTimeSpan"/> for a single tick.</param>
    /// <returns>The timer; dispose it to stop.</returns>
    public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<Task> callback, TimeSpan dueTime, TimeSpan period) =>
        grain.RegisterGrainTimer(callback, new(dueTime, period));

    /// <inheritdoc cref="RegisterGrainTimer(IGrainBase, Func{Task}, TimeSpan, TimeSpan)" />
    public static IGrainTimer RegisterGrainTimer(
        this IGrainBase grain, Func<CancellationToken, Task> callback, TimeSpan dueTime, TimeSpan period) =>
        grain.RegisterGrainTimer(callback, new(dueTime, period));

    /// <inheritdoc cref="RegisterGrainTimer(IGrainBase, Func{Task}, TimeSpan, TimeSpan)" />
    /// <typeparam name="TState">The callback's state.</typeparam>
    /// <param name="grain">The grain.</param>
    /// <param name="callback">Called at each tick.</param>
    /// <param name="state">Passed to the callback.</param>
    /// <param name="dueTime">Time to the first tick.</param>
    /// <param name="period">Time from the end of one tick to the next.</param>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain, Func<TState, Task> callback, TState state, TimeSpan dueTime, TimeSpan period) =>
        grain.RegisterGrainTimer(callback, state, new(dueTime, period));

    /// <inheritdoc cref="RegisterGrainTimer(IGrainBase, Func{Task}, TimeSpan, TimeSpan)" />
    /// <typeparam name="TState">The callback's state.</typeparam>
    /// <param name="grain">The grain.</param>
    /// <param name="callback">Called at each tick.</param>
    /// <param name="state">Passed to the callback.</param>
    /// <param name="dueTime">Time to the first tick.</param>
    /// <param name="period">Time from the end of one tick to the next.</param>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain, Func<TState, CancellationToken, Task> callback, TState state, TimeSpan dueTime, TimeSpan period) =>
        grain.RegisterGrainTimer(callback, state, new(dueTime, period));
}
