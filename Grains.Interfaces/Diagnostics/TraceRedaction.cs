using System.Diagnostics;

namespace OrleansMemory.Diagnostics;

/// <summary>
/// Takes out of Orleans' own activities, where an application traces its grains with them, what names a conversation or a user: the ids of
/// our grains, and what their calls failed with. Other grains' activities are left alone.
/// </summary>
/// <remarks>
/// It is a listener that asks for no activity itself. Listeners are told in the order in which they came, so one that is added before the
/// exporter's has done its work when that one is told.
/// </remarks>
internal static class TraceRedaction
{
    private const string Orleans = "Microsoft.Orleans.";

    // All else goes where one of our grains is called, made or ended: a list of what goes would miss what a later version adds.
    private static readonly HashSet<string> Kept = new(StringComparer.Ordinal)
    {
        "rpc.system",
        "rpc.system.name",
        "rpc.service",
        "rpc.method",
        "orleans.rpc.service",
        "exception.type",
        "error.type",
        "orleans.grain.type",
        "orleans.silo.id",
        "orleans.activation.cause",
    };

    private static readonly ActivityListener Listener = new()
    {
        ShouldListenTo = static source => source.Name.StartsWith(Orleans, StringComparison.Ordinal),
        Sample = static (ref _) => ActivitySamplingResult.None,
        SampleUsingParentId = static (ref _) => ActivitySamplingResult.None,
        ActivityStopped = Clean,
    };

    private static int _isStarted;

    /// <summary>Begins. It works for the whole process, and may be called more than once.</summary>
    public static void Start()
    {
        if (Interlocked.Exchange(ref _isStarted, 1) == 0)
        {
            ActivitySource.AddActivityListener(Listener);
        }
    }

    private static void Clean(Activity activity)
    {
        KeyValuePair<string, object?>[] tags = [.. activity.TagObjects];
        if (!tags.Any(static tag => tag.Value is string text && OurGrains.IsOurs(text)))
        {
            return;
        }

        foreach (KeyValuePair<string, object?> tag in tags.Where(static tag => !Kept.Contains(tag.Key)))
        {
            activity.SetTag(tag.Key, null);
        }

        activity.SetStatus(activity.Status);
    }
}
