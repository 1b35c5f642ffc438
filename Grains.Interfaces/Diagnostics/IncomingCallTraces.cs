using System.Diagnostics;

namespace OrleansMemory.Diagnostics;

/// <summary>Gives a call that one of our grains answers an activity within its caller's.</summary>
internal sealed class IncomingCallTraces : IIncomingGrainCallFilter
{
    /// <inheritdoc />
    public Task Invoke(IIncomingGrainCallContext context) => CallTrace.IsTraced(context.Request) ? TraceAsync(context) : context.Invoke();

    private static async Task TraceAsync(IIncomingGrainCallContext context)
    {
        // What was current where the message was read has nothing to do with it.
        Activity.Current = null;
        _ = ActivityContext.TryParse(
            RequestContext.Get(CallTrace.Parent) as string,
            RequestContext.Get(CallTrace.State) as string,
            isRemote: true,
            out ActivityContext parent
        );
        using Activity? activity = CallTrace.Start(context.Request, ActivityKind.Server, parent);
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
