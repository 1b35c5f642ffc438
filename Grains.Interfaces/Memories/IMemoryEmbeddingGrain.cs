using Orleans.Concurrency;
using OrleansMemory.Errors;

namespace OrleansMemory.Memories;

/// <summary>
/// Gives the memories that were recorded in one scope their vectors, in the background, where the silo has an embedding generator. The
/// grain's key is <see cref="MemoryScope.ToString"/>.
/// </summary>
[Alias("OrleansMemory.IMemoryEmbeddingGrain")]
public interface IMemoryEmbeddingGrain : IGrainWithStringKey
{
    /// <summary>Says that there may be something to embed. A call that is lost does no harm: each silo looks from time to time.</summary>
    /// <returns>A task that ends at once.</returns>
    [Alias("Poke")]
    [OneWay]
    [AlwaysInterleave]
    Task NotifyAsync();

    /// <summary>Embeds now what is waiting, as the background does, and waits for it.</summary>
    /// <param name="cancellationToken">Ends the work between two steps.</param>
    /// <returns>What was done. A generator that fails is no error: what is left is tried again later.</returns>
    /// <exception cref="InvalidRequestException">The key is no scope.</exception>
    /// <exception cref="MemoryUnavailableException">The store cannot be reached.</exception>
    [Alias("Embed")]
    [ResponseTimeout("01:00:00")]
    Task<EmbeddingReport> EmbedAsync(CancellationToken cancellationToken = default);
}
