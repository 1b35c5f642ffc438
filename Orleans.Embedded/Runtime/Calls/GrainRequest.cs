using Orleans.Runtime.Activations;

namespace Orleans.Runtime.Calls;

/// <summary>Something to be done by an activation; a link in its inbox.</summary>
internal abstract class InboxItem
{
    /// <summary>The neighbour in the inbox or the queue; belongs to whoever holds the item.</summary>
    internal InboxItem? Next { get; set; }
}

/// <summary>An order from the host to an activation. It needs no turn and is dropped when the activation is gone.</summary>
internal abstract class ActivationCommand : InboxItem
{
    /// <summary>Carries the order out; called on the activation's scheduler.</summary>
    internal abstract void Run(Activation activation);
}

/// <summary>A piece of grain code to be run as a turn of an activation.</summary>
internal abstract class GrainRequest : InboxItem
{
    internal abstract bool AlwaysInterleave { get; }

    internal abstract bool ReadOnly { get; }

    /// <summary>Whether running it counts as use of the grain.</summary>
    internal virtual bool KeepsAlive => true;

    /// <summary>Whether it means one activation (a tick of its timer, a read of its stream) and nothing to the next one of the same
    /// grain.</summary>
    internal virtual bool IsBoundToActivation => false;

    /// <summary>Whether nobody waits for the outcome any more, so that a request that has not started can be dropped.</summary>
    internal virtual bool IsAbandoned => false;

    /// <summary>The caller's <see cref="RequestContext"/>.</summary>
    internal Dictionary<string, object>? Context { get; set; }

    /// <summary>Runs the grain code; called on the activation's scheduler. Ends, sooner or later, in
    /// <see cref="Activation.Finish"/>.</summary>
    internal abstract void Start(Activation activation);

    /// <summary>Reports that the code will never run.</summary>
    internal abstract void Fail(Exception exception);
}
