using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.Memories;

public sealed class InMemoryMemoryTests : MemoryBehaviour
{
    protected override Task<GrainHost> StartHostAsync() => GrainHost.InMemoryAsync(Clock);
}
