using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.Conversations;

public sealed class InMemoryConversationTests : ConversationBehaviour
{
    protected override Task<GrainHost> StartHostAsync() => GrainHost.InMemoryAsync(Clock, SetTenants);
}
