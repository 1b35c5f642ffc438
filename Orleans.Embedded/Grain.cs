using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Runtime.Activations;

namespace Orleans;

/// <summary>Base class of grains.</summary>
/// <remarks>The host makes the object, at most one per identity at a time, and runs its code one piece at a time.</remarks>
public abstract class Grain : IGrainBase, IAddressable
{
    /// <summary>Takes the activation that is being made on this thread.</summary>
    protected Grain()
        : this(RuntimeContext.Current!)
    {
    }

    /// <summary>Takes a given activation, for tests that make the grain themselves.</summary>
    /// <param name="grainContext">The activation.</param>
    protected Grain(IGrainContext grainContext) => GrainContext = grainContext;

    /// <summary>The activation this object belongs to; null when the object was made outside a host.</summary>
    [AllowNull]
    public IGrainContext GrainContext { get; private set; }

    /// <summary>A reference to this grain.</summary>
    public GrainReference GrainReference => Context.GrainReference;

    /// <summary>The identity in text form, <c>type/key</c>.</summary>
    public string IdentityString => Context.GrainId.ToString();

    /// <summary>Makes references to other grains.</summary>
    protected IGrainFactory GrainFactory =>
        Context is Activation activation ? activation.Silo.Factory : ServiceProvider.GetRequiredService<IGrainFactory>();

    /// <summary>The services of this activation.</summary>
    protected internal IServiceProvider ServiceProvider => Context.ActivationServices;

    private IGrainContext Context =>
        GrainContext ?? throw new InvalidOperationException("The grain was made outside a host and without a grain context.");

#pragma warning disable CA1725 // The parameter names are those of Orleans, where the two differ as well.
    /// <inheritdoc cref="IGrainBase.OnActivateAsync" />
    /// <param name="cancellationToken">Signalled when the activation takes longer than the host allows.</param>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc cref="IGrainBase.OnDeactivateAsync" />
    /// <param name="reason">Why the activation ends.</param>
    /// <param name="cancellationToken">Signalled when the deactivation takes longer than the host allows.</param>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;
#pragma warning restore CA1725

    /// <summary>Ends this activation once its running requests are done. Requests that have not started go to the next
    /// activation.</summary>
    protected void DeactivateOnIdle() => GrainBaseExtensions.DeactivateOnIdle(this);

    /// <summary>Keeps this activation from being collected as idle.</summary>
    /// <param name="timeSpan">
    /// For how long from now; <see cref="TimeSpan.MaxValue"/> or <see cref="Timeout.InfiniteTimeSpan"/> for good; zero or less takes an
    /// earlier wish back.
    /// </param>
    protected void DelayDeactivation(TimeSpan timeSpan)
    {
        if (Context is Activation activation) activation.DelayDeactivation(timeSpan);
    }
}
