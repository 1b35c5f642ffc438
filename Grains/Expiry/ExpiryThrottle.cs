using Microsoft.Extensions.Options;

namespace OrleansMemory.Grains.Expiry;

/// <summary>Keeps the expiry grains of a silo from taking all connections: only some are at the store at the same time.</summary>
/// <param name="options">How many.</param>
internal sealed class ExpiryThrottle(IOptions<ExpiryOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _room = new(options.Value.ConcurrentSweeps);

    public async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            _room.Release();
        }
    }

    public void Dispose() => _room.Dispose();
}
