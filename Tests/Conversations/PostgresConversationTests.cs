using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

public sealed class PostgresConversationTests(PostgresDatabase database) : ConversationBehaviour, IClassFixture<PostgresDatabase>
{
    protected override Task<GrainHost> StartHostAsync() => GrainHost.OnPostgresAsync(database.ConnectionString, Clock, SetTenants);
}
