using System.Diagnostics;

namespace OrleansMemory.Diagnostics;

/// <summary>
/// The activity source, its activities and their tags. The names are stable once released. No id, key or text is ever a tag.
/// </summary>
internal static class MemoryActivities
{
    public const string SourceName = "OrleansMemory";

    // From the queue of a committer to the answer; it links to the batches that carried it.
    public const string CommitTurn = "commit turn";

    // One transaction; it links to its turns.
    public const string CommitBatch = "commit batch";
    public const string Recall = "recall memories";
    public const string Record = "record memories";
    public const string SweepStore = "sweep store";
    public const string SweepExpired = "sweep expired";
    public const string SweepEmbeddings = "sweep embeddings";
    public const string SweepExtractions = "sweep extractions";
    public const string Migrate = "migrate schema";

    public const string ErrorType = "error.type";
    public const string Outcome = "orleans_memory.turn.outcome";
    public const string TurnMessages = "orleans_memory.turn.messages";
    public const string BatchTurns = "orleans_memory.batch.turns";
    public const string BatchConversations = "orleans_memory.batch.conversations";
    public const string BatchLinksLeftOut = "orleans_memory.batch.links_left_out";
    public const string Memories = "orleans_memory.memories";
    public const string MemoriesConsidered = "orleans_memory.memories.considered";
    public const string Scripts = "orleans_memory.schema.scripts";

    /// <summary>The source. It makes nothing while there is no listener.</summary>
    public static readonly ActivitySource Source = new(SourceName);

    /// <summary>
    /// Says that what an activity stands for has failed. What the failure says may hold ids and texts: only its type is told.
    /// </summary>
    /// <param name="activity">The activity; <see langword="null"/> where there is no listener.</param>
    public static void Fail(this Activity? activity, Exception failure) =>
        activity?.SetTag(ErrorType, failure.GetType().FullName).SetStatus(ActivityStatusCode.Error);
}
