using OrleansMemory.Memories;

namespace OrleansMemory.Silo.Api.Documents;

/// <summary>The answer to a question.</summary>
/// <param name="Memories">The memories, the best first.</param>
/// <param name="Considered">How many memories of the scope were looked at.</param>
/// <param name="Partial">Whether the scope has more memories than are held for recall, so that only the newest were looked at.</param>
internal sealed record RecallDocument(IReadOnlyList<RecalledDocument> Memories, int Considered, bool Partial)
{
    /// <summary>The document of an answer.</summary>
    /// <param name="result">The answer.</param>
    /// <returns>The document.</returns>
    public static RecallDocument Of(RecallResult result) => new(
        [.. result.Memories.Select(recalled => new RecalledDocument(MemoryDocument.Of(recalled.Memory), recalled.Score, recalled.Count, recalled.ContradictedBy))], result.Considered, result.Partial);
}

/// <summary>A memory that answers a question.</summary>
/// <param name="Memory">The memory.</param>
/// <param name="Score">How well it answers, 0 to 1: how much of the question is there, times how near it comes to the best memory.</param>
/// <param name="Count">How many facts say just this; the newest stands for all of them.</param>
/// <param name="ContradictedBy">The id of a newer fact in the same answer that says otherwise where only one can be true; null for none.</param>
internal sealed record RecalledDocument(MemoryDocument Memory, double Score, int Count, string? ContradictedBy);

/// <summary>What happened to a memory.</summary>
/// <param name="Events">The newest 1,000 events, the oldest first.</param>
internal sealed record MemoryHistoryDocument(IReadOnlyList<MemoryEventDocument> Events)
{
    /// <summary>The document of a history.</summary>
    /// <param name="events">The history.</param>
    /// <returns>The document.</returns>
    public static MemoryHistoryDocument Of(IEnumerable<MemoryEvent> events) => new(
    [
        .. events.Select(happened => new MemoryEventDocument(
            happened.Version, MemoryKinds.NameOf(happened.Kind), happened.PreviousText, happened.Text, happened.At, happened.ByExtractor)),
    ]);
}

/// <summary>One line of a memory's history.</summary>
/// <param name="Version">The version that it produced.</param>
/// <param name="Kind">added, updated or retired.</param>
/// <param name="PreviousText">What the memory said before; null when it was added.</param>
/// <param name="Text">What it said after; null when it was retired.</param>
/// <param name="At">When it happened.</param>
/// <param name="ByExtractor">Whether the silo's extractor did it, not a caller.</param>
internal sealed record MemoryEventDocument(long Version, string Kind, string? PreviousText, string? Text, DateTimeOffset At, bool ByExtractor);
