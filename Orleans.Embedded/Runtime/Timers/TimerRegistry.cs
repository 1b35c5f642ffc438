using Microsoft.Extensions.Logging;
using Orleans.Runtime.Activations;
using Orleans.Timers;

namespace Orleans.Runtime.Timers;

/// <summary>Makes timers for activations of the embedded host.</summary>
internal sealed class TimerRegistry(ILogger<TimerRegistry> logger) : ITimerRegistry
{
    public IGrainTimer RegisterGrainTimer<TState>(
        IGrainContext grainContext, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(grainContext);
        ArgumentNullException.ThrowIfNull(callback);
        if (grainContext is not Activation activation || !ReferenceEquals(RuntimeContext.Current, activation))
        {
            throw new InvalidOperationException("A grain timer is registered by the grain's own code, on its own scheduler.");
        }

        var timer = new GrainTimer(activation, token => callback(state, token), options, logger);
        timer.Change(options.DueTime, options.Period);
        activation.Own(timer);
        return timer;
    }
}
