using System.Collections.Concurrent;
using Orleans.GrainDirectory;

namespace OrleansMemory.Tests.Stress;

/// <summary>
/// A silo's directory that knows only the activations of its own silo, as the parts of a cluster do that have lost sight of each other:
/// every silo makes an activation of its own.
/// </summary>
internal sealed class LossyDirectory : IGrainDirectory
{
    private readonly ConcurrentDictionary<GrainId, GrainAddress> _own = new();

    public Task<GrainAddress?> Register(GrainAddress address) => Task.FromResult<GrainAddress?>(_own.GetOrAdd(address.GrainId, address));

    public Task<GrainAddress?> Register(GrainAddress address, GrainAddress? previousAddress)
    {
        if (previousAddress is not null)
        {
            _own.TryRemove(KeyValuePair.Create(address.GrainId, previousAddress));
        }

        return Register(address);
    }

    public Task Unregister(GrainAddress address)
    {
        _own.TryRemove(KeyValuePair.Create(address.GrainId, address));
        return Task.CompletedTask;
    }

    public Task<GrainAddress?> Lookup(GrainId grainId) => Task.FromResult(_own.GetValueOrDefault(grainId));

    public Task UnregisterSilos(List<SiloAddress> siloAddresses) => Task.CompletedTask;
}
