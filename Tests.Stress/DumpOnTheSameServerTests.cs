using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Stress;

/// <summary>A dump, restored as another database of the same server.</summary>
public sealed class DumpOnTheSameServerTests : CopiedDatabaseBehaviour
{
    [Fact]
    public async Task Dump_restored_on_the_same_server_is_another_cluster()
    {
        await Shell.RunAsync(
            "createdb copied && pg_dump --format=custom memory | pg_restore --exit-on-error --dbname=copied",
            LocalServers.Reach(Production)
        );

        await IsAnotherClusterAsync(LocalServers.On(Production, "copied"), "This database is a copy of another one");
    }
}
