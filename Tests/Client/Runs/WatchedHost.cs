using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Runs;

/// <summary>One host for all tests of a class, over a store that they look into. A test uses a tenant of its own.</summary>
public sealed class WatchedHost : IAsyncLifetime
{
    internal WatchedStore Store { get; } = new(new InMemoryConversationStore(NullLogger<InMemoryConversationStore>.Instance));

    public GrainHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await GrainHost.OverStoreAsync(Store);

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
