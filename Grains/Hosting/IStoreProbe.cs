using OrleansMemory.Errors;
using OrleansMemory.Grains.Clocks;

namespace OrleansMemory.Grains.Hosting;

/// <summary>Tells, for readiness checks, whether the store answers and this silo's clock agrees with that of PostgreSQL, where
/// conversations are there.</summary>
public interface IStoreProbe
{
    /// <summary>Asks the store once.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when it has answered.</returns>
    /// <exception cref="MemoryUnavailableException">
    /// It did not answer, or the clock is off by more than <see cref="ClockOptions.Tolerance"/>.
    /// </exception>
    Task PingAsync(CancellationToken cancellationToken = default);
}
