using System.Diagnostics;

namespace OrleansMemory.Diagnostics;

/// <summary>
/// Gives a call of one of our grains an activity and tells the grain of it. Unlike those of Orleans' own propagation it names no grain, and
/// of a failure only its type.
/// </summary>
internal sealed class OutgoingCallTraces : IOutgoingGrainCallFilter
{
    /// <inheritdoc />
    public Task Invoke(IOutgoingGrainCallContext context) => CallTrace.IsTraced(context.Request) ? TraceAsync(context) : context.Invoke();

    // Async, so that what is set does not outlive the call.
    private static async Task TraceAsync(IOutgoingGrainCallContext context)
    {
        using Activity? activity = CallTrace.Start(context.Request, ActivityKind.Client, parent: default);
        if (activity is not null)
        {
            RequestContext.Set(CallTrace.Parent, activity.Id!);
            if (activity.TraceStateString is { } state)
            {
                RequestContext.Set(CallTrace.State, state);
            }
            else
            {
                RequestContext.Remove(CallTrace.State);
            }
        }

        try
        {
            await context.Invoke();
        }
        catch (Exception failure)
        {
            activity.Fail(failure);
            throw;
        }
    }
}
