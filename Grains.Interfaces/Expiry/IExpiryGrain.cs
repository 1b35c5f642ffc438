using Orleans.Concurrency;

namespace OrleansMemory.Expiry;

/// <summary>
/// One position of the expiry wheel: removes conversations and entries of its share once their time is over. What is expired is invisible
/// before that. The grain's key is the position, from "0".
/// </summary>
[Alias("OrleansMemory.IExpiryGrain")]
public interface IExpiryGrain : IGrainWithStringKey
{
    /// <summary>
    /// Makes sure that the position has its one reminder. It is called whenever a silo starts; calling it again changes nothing.
    /// </summary>
    /// <returns>A task that ends when the reminder is there.</returns>
    [Alias("Start")]
    Task StartAsync();

    /// <summary>Sweeps now, as a tick of the reminder does.</summary>
    /// <param name="cancellationToken">Ends the sweep between two steps.</param>
    /// <returns>The statistics after it.</returns>
    [Alias("Sweep")]
    Task<ExpiryStatistics> SweepAsync(CancellationToken cancellationToken = default);

    /// <summary>Tells what this activation has swept.</summary>
    /// <returns>The statistics.</returns>
    [Alias("GetStatistics")]
    [AlwaysInterleave]
    Task<ExpiryStatistics> GetStatisticsAsync();
}
