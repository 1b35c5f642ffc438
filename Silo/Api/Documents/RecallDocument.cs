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
    public static RecallDocument Of(RecallResult result) =>
        new([.. result.Memories.Select(RecalledDocument.Of)], result.Considered, result.Partial);
}

/// <summary>A memory that answers a question.</summary>
/// <param name="Memory">The memory.</param>
/// <param name="Score">How well it answers, 0 to 1: how much of the question is there, times how near it comes to the best memory.</param>
/// <param name="Count">How many facts say just this; the newest stands for all of them.</param>
/// <param name="ContradictedBy">
/// The id of a newer fact in the same answer that says otherwise where only one can be true; null for none.
/// </param>
/// <param name="Why">Why it was recalled; null unless the question asks for it by explain.</param>
internal sealed record RecalledDocument(MemoryDocument Memory, double Score, int Count, string? ContradictedBy, RecallReasonsDocument? Why)
{
    /// <summary>The document of a recalled memory.</summary>
    /// <param name="recalled">The memory.</param>
    /// <returns>The document.</returns>
    public static RecalledDocument Of(RecalledMemory recalled) =>
        new(
            MemoryDocument.Of(recalled.Memory),
            recalled.Score,
            recalled.Count,
            recalled.ContradictedBy,
            recalled.Why is { } why ? RecallReasonsDocument.Of(why) : null
        );
}

/// <summary>Why a memory was recalled. By terms its rank is (words + episode + dates) × kind × speaker.</summary>
/// <param name="Terms">The words of the question that it has, itself or beside it, in lower case and without their endings.</param>
/// <param name="Words">What its words are worth, 0 to 1: 1 is the memory whose words are worth most.</param>
/// <param name="Episode">What the episode it is of adds, 0 or more.</param>
/// <param name="Dates">What the dates that the question names add, 0 or more.</param>
/// <param name="Kind">The factor for what kind of thing it tells, more than 0.</param>
/// <param name="Speaker">The factor for who said it, 1 or more.</param>
/// <param name="Similarity">How near its meaning is to the question's, -1 to 1; null where it was not found by its meaning.</param>
internal sealed record RecallReasonsDocument(
    IReadOnlyList<string> Terms,
    double Words,
    double Episode,
    double Dates,
    double Kind,
    double Speaker,
    double? Similarity
)
{
    /// <summary>The document of reasons.</summary>
    /// <param name="why">The reasons.</param>
    /// <returns>The document.</returns>
    public static RecallReasonsDocument Of(RecallReasons why) =>
        new(why.Terms, why.Words, why.Episode, why.Dates, why.Kind, why.Speaker, why.Similarity);
}

/// <summary>What happened to a memory.</summary>
/// <param name="Events">The newest 1,000 events, the oldest first.</param>
internal sealed record MemoryHistoryDocument(IReadOnlyList<MemoryEventDocument> Events)
{
    /// <summary>The document of a history.</summary>
    /// <param name="events">The history.</param>
    /// <returns>The document.</returns>
    public static MemoryHistoryDocument Of(IEnumerable<MemoryEvent> events) =>
        new([
            .. events.Select(happened => new MemoryEventDocument(
                happened.Version,
                MemoryKinds.NameOf(happened.Kind),
                happened.PreviousText,
                happened.Text,
                happened.At,
                happened.ByExtractor
            )),
        ]);
}

/// <summary>One line of a memory's history.</summary>
/// <param name="Version">The version that it produced.</param>
/// <param name="Kind">added, updated or retired.</param>
/// <param name="PreviousText">What the memory said before; null when it was added.</param>
/// <param name="Text">What it said after; null when it was retired.</param>
/// <param name="At">When it happened.</param>
/// <param name="ByExtractor">Whether the silo's extractor did it, not a caller.</param>
internal sealed record MemoryEventDocument(
    long Version,
    string Kind,
    string? PreviousText,
    string? Text,
    DateTimeOffset At,
    bool ByExtractor
);
