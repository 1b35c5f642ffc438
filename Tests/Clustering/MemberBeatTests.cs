using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Clustering;

/// <summary>A silo writes to its row of the member table for as long as it is a member, and belongs to one database.</summary>
public sealed class MemberBeatTests
{
    private const string Beat = "select beat from orleans_memory.orleans_member where status = 3";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Every_member_writes_again_and_again_and_says_into_which_database()
    {
        var database = new PostgresDatabase();
        await database.InitializeAsync();
        try
        {
            await using SiloCluster cluster = await SiloCluster.StartAsync(database.ConnectionString, 1);
            object first = await ChangedAsync(database, DBNull.Value);
            await ChangedAsync(database, first);

            Assert.Equal(
                true,
                await database.ExecuteAsync(
                    "set search_path = orleans_memory; select beat_database = orleans_database() and beat_server = pg_postmaster_start_time() from orleans_member"
                )
            );
        }
        finally
        {
            await database.DisposeAsync();
        }
    }

    [Fact]
    public async Task Silo_whose_database_was_replaced_by_another_ends_and_says_why()
    {
        var database = new PostgresDatabase();
        await database.InitializeAsync();
        try
        {
            var log = new LogLines();
            await using SiloCluster cluster = await SiloCluster.StartAsync(
                database.ConnectionString,
                1,
                new SiloClusterSetup { Silo = silo => silo.Services.AddLogging(logging => logging.AddProvider(log)) }
            );
            await ChangedAsync(database, DBNull.Value);
            var ending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using CancellationTokenRegistration registration = cluster
                .Host.Services.GetRequiredService<IHostApplicationLifetime>()
                .ApplicationStopping.Register(ending.SetResult);

            // What a restore does: the same rows in another table.
            await database.ExecuteAsync(
                """
                set search_path = orleans_memory;
                alter table orleans_member rename to before;
                create table orleans_member (like before including all);
                insert into orleans_member select * from before;
                """
            );

            await ending.Task.WaitAsync(Patience);
            Assert.Contains(log.Lines, line => line.Contains("is another one than when this silo started", StringComparison.Ordinal));
        }
        finally
        {
            await database.DisposeAsync();
        }
    }

    private static async Task<object> ChangedAsync(PostgresDatabase database, object before)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (true)
        {
            object now = (await database.ExecuteAsync(Beat))!;
            if (!now.Equals(before))
            {
                return now;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), deadline.Token);
        }
    }
}
