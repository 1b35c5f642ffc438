using System.Collections.Frozen;
using System.Diagnostics;

namespace OrleansMemory.Diagnostics;

/// <summary>
/// Takes out of Orleans' own activities what names a conversation or a user: the ids of our grains, and the messages and stacks of what their calls failed with. Other grains' activities are left
/// alone.
/// </summary>
/// <remarks>
/// It is a listener that asks for no activity itself. Listeners are told in the order in which they came, so one that is added before the exporter's has done its work when that one is told.
/// </remarks>
internal static class TraceRedaction
{
    private const string Orleans = "Microsoft.Orleans.";
    private const string TargetId = "rpc.orleans.target_id";
    private const string SourceId = "rpc.orleans.source_id";
    private const string GrainId = "orleans.grain.id";

    // What may stay where one of our grains is called, made or ended. A list of what may not would miss what a later version adds.
    private static readonly FrozenSet<string> Kept = FrozenSet.Create(
        StringComparer.Ordinal,
        "rpc.system",
        "rpc.service",
        "rpc.method",
        "exception.type",
        "orleans.grain.type",
        "orleans.silo.id",
        "orleans.activation.cause",
        "orleans.placement.filter.type",
        "orleans.storage.provider",
        "orleans.storage.state.type");

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
        if (!activity.IsAllDataRequested)
        {
            return;
        }

        if (IsOurs(activity.GetTagItem(TargetId)) || IsOurs(activity.GetTagItem(GrainId)))
        {
            foreach (KeyValuePair<string, object?> tag in activity.TagObjects.ToArray())
            {
                if (!Kept.Contains(tag.Key))
                {
                    activity.SetTag(tag.Key, null);
                }
            }

            activity.SetStatus(activity.Status);
        }
        else if (IsOurs(activity.GetTagItem(SourceId)))
        {
            activity.SetTag(SourceId, null);
        }
    }

    private static bool IsOurs(object? tag) => tag is string grainId && OurGrains.IsOurs(grainId);
}
