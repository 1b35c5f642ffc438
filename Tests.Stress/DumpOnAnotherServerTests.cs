using OrleansMemory.Silo.LocalPostgres;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Stress;

/// <summary>A dump, restored on another server.</summary>
public sealed class DumpOnAnotherServerTests : CopiedDatabaseBehaviour
{
    [Fact]
    public async Task Dump_restored_on_another_server_is_another_cluster()
    {
        LocalPostgresServer other = await StartServerAsync(PostgresDatabase.NewServerFolder());
        await PostgresDatabase.ExecuteAsync(other.ConnectionString, "create database memory");
        await Shell.RunAsync(
            "pg_dump --format=custom memory | pg_restore --exit-on-error --host=\"$OTHER\" --dbname=memory",
            [.. LocalServers.Reach(Production), ("OTHER", LocalServers.SocketOf(other))]
        );

        await IsAnotherClusterAsync(LocalServers.On(other, "memory"), "This database is a copy of another one");
    }
}
