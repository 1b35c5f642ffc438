using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Errors;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Memories;

/// <summary>
/// A call from within the silo is copied and not serialized, so half a character reaches the grain as it is, which has to refuse it. On the wire of an external
/// client it would be replaced.
/// </summary>
public sealed class UnpairedSurrogateTests(SharedHosts hosts)
{
    [Fact]
    public async Task A_memory_with_half_a_character_is_refused_by_name()
    {
        GrainHost host = await hosts.InMemoryAsync();
        string scope = MemoryScope.Create(SharedHosts.NewTenant(), user: "u").ToString();
        IMemoryGrain memory = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IMemoryGrain>(scope);
        var request = new RecordRequest { Memories = [new NewMemory { Kind = MemoryKind.Fact, Text = "\ud800" }] };

        Assert.Equal("memories[0].text", (await Assert.ThrowsAsync<InvalidRequestException>(() => memory.RecordAsync(request))).Parameter);
    }
}
