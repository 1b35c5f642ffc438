namespace Orleans.Runtime;

/// <summary>One activation of a grain, as the runtime sees it.</summary>
public interface IGrainContext : IEquatable<IGrainContext>
{
    /// <summary>A reference to the grain.</summary>
    GrainReference GrainReference { get; }

    /// <summary>The identity of the grain.</summary>
    GrainId GrainId { get; }

    /// <summary>The grain object; null before it is made and after it is gone.</summary>
    object? GrainInstance { get; }

    /// <summary>The services of this activation: a scope of its own that ends with it.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Completes when the activation is over. Waiting for it inside a grain call blocks what it waits for.</summary>
    Task Deactivated { get; }

    /// <summary>Asks the activation to end once its running requests are done. Later requests go to the next activation.</summary>
    /// <param name="deactivationReason">Passed to <see cref="IGrainBase.OnDeactivateAsync"/>.</param>
    /// <param name="cancellationToken">Signals the token of <see cref="IGrainBase.OnDeactivateAsync"/>.</param>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}
