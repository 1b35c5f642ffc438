namespace OrleansMemory.Grains.Diagnostics;

/// <summary>Names of the meter and its instruments. They are stable once released.</summary>
internal static class TelemetryNames
{
    public const string Meter = OrleansMemory.Diagnostics.MemoryActivities.SourceName;
    public const string TurnsCommitted = "orleans_memory.turns.committed";
    public const string TurnsLost = "orleans_memory.turns.lost";
    public const string TurnsReplayed = "orleans_memory.turns.replayed";
    public const string TurnsRefused = "orleans_memory.turns.refused";
    public const string CommitDuration = "orleans_memory.commit.duration";
    public const string BatchTurns = "orleans_memory.commit.batch.turns";
    public const string FeedReaders = "orleans_memory.feed.readers";
    public const string QueueTurns = "orleans_memory.commit.queue.turns";
    public const string ExpiredConversations = "orleans_memory.expiry.conversations";
    public const string ExpiredMessages = "orleans_memory.expiry.messages";
    public const string ExpiredEntries = "orleans_memory.expiry.entries";
    public const string ClockDifference = "orleans_memory.clock.difference";
    public const string ErasedConversations = "orleans_memory.erasure.conversations";
    public const string EmbeddedMemories = "orleans_memory.embedding.memories";
    public const string RefusedMemories = "orleans_memory.embedding.refused";
    public const string EmbeddingFailures = "orleans_memory.embedding.failures";
    public const string QueriesByTermsOnly = "orleans_memory.recall.terms_only";
    public const string DistilledTurns = "orleans_memory.extraction.turns";
    public const string GivenUpTurns = "orleans_memory.extraction.given_up";
    public const string FactChanges = "orleans_memory.extraction.changes";
    public const string ExtractionFailures = "orleans_memory.extraction.failures";
    public const string RecordedMemories = "orleans_memory.memories.recorded";
    public const string RecallDuration = "orleans_memory.memories.recall.duration";
    public const string HeldMemories = "orleans_memory.memories.held";
}
