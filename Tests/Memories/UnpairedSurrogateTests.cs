using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Memories;

/// <summary>
/// A call from within the silo is copied and not serialized, so half a character reaches the grain as it is, which replaces it, as the wire
/// of an external client would.
/// </summary>
public sealed class UnpairedSurrogateTests(SharedHosts hosts)
{
    [Fact]
    public async Task A_memory_with_half_a_character_is_kept_without_it()
    {
        GrainHost host = await hosts.InMemoryAsync();
        string scope = MemoryScope.Create(SharedHosts.NewTenant(), user: "u").ToString();
        IMemoryGrain memory = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IMemoryGrain>(scope);
        var request = new RecordRequest { Memories = [new NewMemory { Kind = MemoryKind.Fact, Text = "\ud800" }] };

        await memory.RecordAsync(request);
        RecallResult all = await memory.RecallAsync(new RecallRequest { Query = "what" });
        Assert.Equal("\ufffd", Assert.Single(all.Memories).Memory.Text);
    }
}
