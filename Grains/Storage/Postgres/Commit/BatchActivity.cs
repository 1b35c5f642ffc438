using System.Diagnostics;
using OrleansMemory.Diagnostics;

namespace OrleansMemory.Grains.Storage.Postgres.Commit;

/// <summary>
/// The activity of one transaction that writes a batch. It is a trace of its own, since it belongs to many: it links to its turns, and they
/// to it.
/// </summary>
internal static class BatchActivity
{
    /// <summary>
    /// The most links of a batch. Collectors refuse activities with very many of them; OpenTelemetry's own bound is the same.
    /// </summary>
    public const int MostLinks = 128;

    /// <summary>Begins the activity.</summary>
    /// <returns>The activity; <see langword="null"/> where there is no listener.</returns>
    public static Activity? Start(List<CommitGroup> batch)
    {
        if (!MemoryActivities.Source.HasListeners())
        {
            return null;
        }

        int turns = batch.Sum(group => group.Turns.Count);
        PendingCommit[] traced = [.. batch.SelectMany(group => group.Turns).Where(turn => turn.TraceContext != default)];
        Activity? activity = MemoryActivities.Source.StartActivity(
            MemoryActivities.CommitBatch,
            ActivityKind.Internal,
            parentContext: default,
            tags: null,
            links: traced.Take(MostLinks).Select(turn => new ActivityLink(turn.TraceContext))
        );
        if (activity is null)
        {
            return null;
        }

        activity.SetTag(MemoryActivities.BatchTurns, turns).SetTag(MemoryActivities.BatchConversations, batch.Count);
        if (traced.Length > MostLinks)
        {
            activity.SetTag(MemoryActivities.BatchLinksLeftOut, traced.Length - MostLinks);
        }

        // Every turn tells of its batches, also those beyond the bound.
        foreach (PendingCommit turn in traced)
        {
            turn.Link(activity);
        }

        return activity;
    }
}
