using OrleansMemory.Errors;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Memories.Embedded;

/// <summary>Half a character reaches the grain here as it is. On the wire of Orleans it would be replaced; there the client refuses it.</summary>
public sealed class UnpairedSurrogateTests
{
    [Fact]
    public async Task A_memory_with_half_a_character_is_refused_by_name()
    {
        await using GrainHost host = await GrainHost.InMemoryAsync();
        IMemoryGrain memory = host.Grains.GetGrain<IMemoryGrain>(MemoryScope.Create("tests", user: "u").ToString());
        var request = new RecordRequest { Memories = [new NewMemory { Kind = MemoryKind.Fact, Text = "\ud800" }] };

        Assert.Equal("memories[0].text", (await Assert.ThrowsAsync<InvalidRequestException>(() => memory.RecordAsync(request))).Parameter);
    }
}
