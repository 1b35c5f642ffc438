using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace OrleansMemory.Grains.Hosting;

/// <summary>Makes the idle time the silo's collection age.</summary>
internal sealed class IdleTimeSetup(IOptions<ActivationOptions> ours) : IConfigureOptions<GrainCollectionOptions>
{
    public void Configure(GrainCollectionOptions options) => options.CollectionAge = ours.Value.IdleTime;
}
