using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Hosting;

/// <summary>What a call fails with reaches its caller, whatever library the error and what is inside it are from.</summary>
public sealed class ForeignErrorTests
{
    [Fact]
    public async Task Errors_of_other_libraries_cross_from_silo_to_client()
    {
        var store = new WatchedStore(new InMemoryConversationStore(NullLogger<InMemoryConversationStore>.Instance));
        await using GrainHost host = await GrainHost.OverStoreAsync(store);

        // What Orleans makes of a placement that takes too long.
        store.BeforeLoad = () => throw new OrleansException("Not placed.", new Polly.Timeout.TimeoutRejectedException("too long"));
        OrleansException inside = await Assert.ThrowsAsync<OrleansException>(() => host.Conversation("c").GetHeadAsync());
        Assert.IsType<Polly.Timeout.TimeoutRejectedException>(inside.InnerException);

        store.BeforeLoad = () => throw new Polly.Timeout.TimeoutRejectedException("too long");
        await Assert.ThrowsAsync<Polly.Timeout.TimeoutRejectedException>(() => host.Conversation("c").GetHeadAsync());
    }
}
