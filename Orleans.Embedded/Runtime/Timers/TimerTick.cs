using Orleans.Runtime.Activations;
using Orleans.Runtime.Calls;

namespace Orleans.Runtime.Timers;

/// <summary>One tick of a timer, as a turn.</summary>
internal sealed class TimerTick(GrainTimer timer) : GrainRequest
{
    internal override bool AlwaysInterleave => timer.Interleave;

    internal override bool ReadOnly => false;

    internal override bool KeepsAlive => timer.KeepAlive;

    internal override bool IsBoundToActivation => true;

    internal override void Start(Activation activation) => _ = RunAsync(activation);

    internal override void Fail(Exception exception)
    {
        // Nobody waits for a tick.
    }

    private async Task RunAsync(Activation activation)
    {
        await timer.TickAsync();
        activation.Finish(this);
    }
}
