using System.Diagnostics;
using Orleans.Serialization.Invocation;

namespace OrleansMemory.Diagnostics;

/// <summary>
/// What the two ends of a grain call have in common: which calls are traced, what they are called, and how one end finds the other.
/// </summary>
internal static class CallTrace
{
    /// <summary>W3C's names, which Orleans' own propagation uses as well.</summary>
    public const string Parent = "traceparent";

    /// <inheritdoc cref="Parent" />
    public const string State = "tracestate";

    private const string OurNamespace = "OrleansMemory.";

    /// <summary>Begins the activity of a call of one of our grains.</summary>
    /// <param name="parent">The other end; none where the current activity is the parent.</param>
    /// <returns>The activity; <see langword="null"/> where it is not sampled.</returns>
    public static Activity? Start(IInvokable request, ActivityKind kind, ActivityContext parent)
    {
        string service = request.GetInterfaceType().Name;
        string method = request.GetMethodName();
        return MemoryActivities
            .Source.StartActivity($"{service}/{method}", kind, parent)
            ?.SetTag("rpc.system", "orleans")
            .SetTag("rpc.service", service)
            .SetTag("rpc.method", method);
    }

    /// <summary>Whether a call is traced.</summary>
    /// <returns>Whether somebody listens and it is one of ours.</returns>
    public static bool IsTraced(IInvokable request) =>
        MemoryActivities.Source.HasListeners()
        && request.GetInterfaceType().Namespace?.StartsWith(OurNamespace, StringComparison.Ordinal) == true;
}
