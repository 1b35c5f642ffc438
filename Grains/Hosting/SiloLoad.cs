namespace OrleansMemory.Grains.Hosting;

/// <summary>How busy a silo is at this moment.</summary>
/// <param name="QueuedTurns">Turns that wait to be written or are being written; 0 where conversations are kept in memory.</param>
/// <param name="ActiveGrains">Conversations, memories and other grains that are active on it.</param>
/// <param name="HeldMemories">Memories that it holds for recall, once for each scope that holds them.</param>
/// <param name="FeedReaders">Readers of live feeds.</param>
/// <param name="MemoryBytes">Bytes of memory that its process has from the operating system.</param>
public sealed record SiloLoad(long QueuedTurns, long ActiveGrains, long HeldMemories, long FeedReaders, long MemoryBytes);
