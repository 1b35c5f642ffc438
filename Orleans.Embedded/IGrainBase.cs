using Orleans.Runtime;

namespace Orleans;

/// <summary>What a class must have to be a grain; most derive from <see cref="Grain"/> instead.</summary>
public interface IGrainBase
{
    /// <summary>The activation this object belongs to.</summary>
    IGrainContext GrainContext { get; }

    /// <summary>Runs before the first request of an activation. When it throws, all waiting callers receive that exception.</summary>
    /// <param name="token">Signalled when the activation takes longer than the host allows.</param>
    Task OnActivateAsync(CancellationToken token) => Task.CompletedTask;

    /// <summary>Runs once after the last request of an activation.</summary>
    /// <param name="reason">Why the activation ends.</param>
    /// <param name="token">Signalled when the deactivation takes longer than the host allows.</param>
    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token) => Task.CompletedTask;
}
