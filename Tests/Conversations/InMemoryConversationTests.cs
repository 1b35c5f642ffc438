using OrleansMemory.Grains.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

public sealed class InMemoryConversationTests(InMemoryConversationTests.ConversationHost fixture)
    : ConversationBehaviour,
        IClassFixture<InMemoryConversationTests.ConversationHost>
{
    protected override ManualUtcClock Clock { get; } = fixture.NextDay();

    protected override Task<GrainHost> StartHostAsync() => Task.FromResult(fixture.Host);

    // The next test uses it as well.
    protected override Task EndHostAsync() => Task.CompletedTask;

    public sealed class ConversationHost : InMemoryClockedHost
    {
        protected override void Configure(ConversationOptions options) => SetTenants(options);
    }
}
