using OrleansMemory.Grains.Hosting;

namespace OrleansMemory.Silo.Api.Documents;

/// <summary>The silos of the cluster.</summary>
/// <param name="Silos">The silos, by name.</param>
internal sealed record SiloListDocument(IReadOnlyList<SiloDocument> Silos);

/// <summary>A silo.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Where other silos reach it, and which of its starts this is.</param>
/// <param name="Status">Active; or Joining, ShuttingDown or Stopping.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="QueuedTurns">
/// Turns that wait to be written or are being written; null, as the numbers below, when the silo does not answer.
/// </param>
/// <param name="ActiveGrains">Grains that are active on it.</param>
/// <param name="HeldMemories">Memories that it holds for recall, once for each scope.</param>
/// <param name="FeedReaders">Readers of live feeds.</param>
/// <param name="MemoryBytes">Bytes of memory that its process has from the operating system.</param>
internal sealed record SiloDocument(
    string Name,
    string Address,
    string Status,
    DateTimeOffset StartedAt,
    long? QueuedTurns,
    long? ActiveGrains,
    long? HeldMemories,
    long? FeedReaders,
    long? MemoryBytes
)
{
    /// <summary>The document of a silo.</summary>
    /// <param name="silo">The silo.</param>
    /// <returns>The document.</returns>
    public static SiloDocument Of(SiloState silo) =>
        new(
            silo.Name,
            silo.Address,
            silo.Status,
            silo.StartedAt,
            silo.Load?.QueuedTurns,
            silo.Load?.ActiveGrains,
            silo.Load?.HeldMemories,
            silo.Load?.FeedReaders,
            silo.Load?.MemoryBytes
        );
}
