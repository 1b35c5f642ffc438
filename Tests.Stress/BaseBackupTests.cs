using OrleansMemory.Silo.LocalPostgres;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Stress;

/// <summary>A base backup, which has the identity of its original.</summary>
public sealed class BaseBackupTests : CopiedDatabaseBehaviour
{
    [Fact]
    public async Task Base_backup_is_another_cluster()
    {
        string folder = await Shell.NewServerFolderAsync(
            "pg_basebackup --pgdata=\"$TARGET\" --checkpoint=fast --wal-method=stream",
            LocalServers.Reach(Production)
        );
        LocalPostgresServer copy = await StartServerAsync(folder);

        await IsAnotherClusterAsync(LocalServers.On(copy, "memory"), "can be reached but do not write to this database");
    }
}
