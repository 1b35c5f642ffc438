using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace OrleansMemory.Tests.Compatibility;

/// <summary>Orleans' serializer of everything that crosses the border of a silo.</summary>
public sealed class WireSerializer : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddSerializer(serializer =>
        {
            foreach (Type type in WireTypes.All)
            {
                serializer.AddAssembly(type.Assembly);
            }
        })
        .BuildServiceProvider();

    public Serializer Serializer => _services.GetRequiredService<Serializer>();

    public DeepCopier Copier => _services.GetRequiredService<DeepCopier>();

    public void Dispose() => _services.Dispose();
}
