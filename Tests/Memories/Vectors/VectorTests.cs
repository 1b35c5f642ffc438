using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Storage.InMemory;

namespace OrleansMemory.Tests.Memories.Vectors;

public sealed class InMemoryVectorTests : VectorBehaviour
{
    private readonly InMemoryFactStore _facts = new();

    protected override void UseStore(ISiloBuilder silo)
    {
        silo.Services.AddSingleton(_facts);
        silo.UseInMemoryStorage();
    }
}
