using Orleans.Runtime.Timers;

namespace Orleans.Runtime.Activations;

/// <content>The timers of an activation, which end with it.</content>
internal sealed partial class Activation
{
    // Timers may be disposed from any thread, so this set has a lock of its own.
    private readonly Lock _timersLock = new();
    private HashSet<GrainTimer>? _timers;

    internal void Own(GrainTimer timer)
    {
        lock (_timersLock) (_timers ??= []).Add(timer);
    }

    internal void Disown(GrainTimer timer)
    {
        lock (_timersLock) _timers?.Remove(timer);
    }

    private void EndTimers()
    {
        List<GrainTimer> timers;
        lock (_timersLock)
        {
            if (_timers is null) return;
            timers = [.. _timers];
        }

        foreach (var timer in timers) timer.Dispose();
    }
}
