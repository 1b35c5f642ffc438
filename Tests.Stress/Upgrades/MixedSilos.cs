using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.Stress.Upgrades;

/// <summary>Silos of two builds in one cluster.</summary>
/// <param name="connectionString">Their database.</param>
internal sealed class MixedSilos(string connectionString) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<SiloProcess> _running = [];
    private int _next;

    /// <summary>Starts a silo of the release before.</summary>
    public async Task<SiloProcess> StartPreviousAsync() =>
        Add(await ClusterSilos.StartBuildAsync(PreviousReleaseFactAttribute.Program, connectionString));

    /// <summary>Starts a silo of this build.</summary>
    public async Task<SiloProcess> StartCurrentAsync() => Add(await ClusterSilos.StartAsync(connectionString));

    /// <summary>The running silos in turn, so that a conversation's requests reach silos of both builds.</summary>
    public SiloProcess Next()
    {
        lock (_lock)
        {
            return _running[(int)((uint)_next++ % (uint)_running.Count)];
        }
    }

    /// <summary>Stops a silo as an operator does; no request begins at it from then on.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync(SiloProcess silo)
    {
        lock (_lock)
        {
            _running.Remove(silo);
        }

        int code = await silo.StopAsync();
        await silo.DisposeAsync();
        return code;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (SiloProcess silo in _running)
        {
            await silo.DisposeAsync();
        }
    }

    private SiloProcess Add(SiloProcess silo)
    {
        lock (_lock)
        {
            _running.Add(silo);
        }

        return silo;
    }
}
