namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// The silos of the cluster, and how busy each of them is: what operators want at a glance. <c>/metrics</c> tells more, and over time.
/// </summary>
public interface ISiloDirectory
{
    /// <summary>Lists the silos that are in the cluster, or are on their way in or out, by name.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The silos.</returns>
    /// <exception cref="OrleansMemory.Errors.MemoryUnavailableException">The list of members cannot be read.</exception>
    Task<IReadOnlyList<SiloState>> ListAsync(CancellationToken cancellationToken = default);
}
