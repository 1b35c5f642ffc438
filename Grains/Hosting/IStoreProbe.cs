using OrleansMemory.Errors;

namespace OrleansMemory.Grains.Hosting;

/// <summary>Tells whether the store answers, for readiness checks.</summary>
public interface IStoreProbe
{
    /// <summary>Asks the store once.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when it has answered.</returns>
    /// <exception cref="MemoryUnavailableException">It did not answer.</exception>
    Task PingAsync(CancellationToken cancellationToken = default);
}
