using Orleans.Concurrency;
using OrleansMemory.Errors;

namespace OrleansMemory.Memories;

/// <summary>
/// Distils facts from the turns that were recorded in one scope, in the background, where the silo has a chat client. The grain's key is
/// <see cref="MemoryScope.ToString"/>.
/// </summary>
[Alias("OrleansMemory.IMemoryExtractionGrain")]
public interface IMemoryExtractionGrain : IGrainWithStringKey
{
    /// <summary>Says that turns wait. A call that is lost does no harm: each silo looks from time to time.</summary>
    /// <param name="turns">How many the caller knows of; 0 when it does not know.</param>
    /// <returns>A task that ends at once.</returns>
    [Alias("Poke")]
    [OneWay]
    [AlwaysInterleave]
    Task NotifyAsync(int turns);

    /// <summary>Distils now what is waiting, as the background does, and waits for it.</summary>
    /// <param name="cancellationToken">Ends the work; what was applied stays.</param>
    /// <returns>What was done. A model that fails is no error: what is left is tried again later.</returns>
    /// <exception cref="InvalidRequestException">The key is no scope.</exception>
    [Alias("Extract")]
    [ResponseTimeout("01:00:00")]
    Task<ExtractionReport> ExtractAsync(CancellationToken cancellationToken = default);
}
