using System.Diagnostics;
using Npgsql;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Clustering;

/// <summary>Who declares a silo dead waits for the end of its lease, and lets no beat renew it meanwhile.</summary>
public sealed class MemberLeaseTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private const string Cluster = "leases";

    private const string Beat =
        "update orleans_memory.orleans_member set beat = gen_random_uuid(), beat_at = clock_timestamp() where cluster_id = 'leases' returning status";

    private const string Waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";

    public async ValueTask InitializeAsync()
    {
        await using GrainHost host = await GrainHost.OnPostgresAsync(database.ConnectionString);
        await database.ExecuteAsync(
            $"delete from orleans_memory.orleans_member where cluster_id = '{Cluster}'; delete from orleans_memory.orleans_cluster where cluster_id = '{Cluster}'"
        );
        await database.ExecuteAsync($"insert into orleans_memory.orleans_cluster (cluster_id) values ('{Cluster}')");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Beats_wait_for_who_declares_the_silo_dead_and_then_find_it_so()
    {
        await AddMemberAsync("clock_timestamp()", "interval '1 second'");
        Task<object?> declaring = ExecuteAsync(Declare(6));
        await SleepsAsync();

        // On its way while the lease runs out: it renews nothing.
        Task<object?> beat = ExecuteAsync(Beat);

        Assert.Equal(1, await declaring);
        Assert.Equal(6, await beat);
        Assert.Equal(
            true,
            await database.ExecuteAsync(
                "select changed_at is not null and version = 1 from orleans_memory.orleans_cluster where cluster_id = 'leases'"
            )
        );
    }

    [Fact]
    public async Task Lease_is_over_when_the_silo_is_dead()
    {
        await AddMemberAsync("clock_timestamp()", "interval '0.5 seconds'");
        object? beat = await database.ExecuteAsync("select beat_at from orleans_memory.orleans_member where cluster_id = 'leases'");
        Assert.Equal(1, await ExecuteAsync(Declare(6)));
        Assert.Equal(
            true,
            await database.ExecuteAsync($"select clock_timestamp() >= '{(DateTime)beat!:O}'::timestamptz + interval '0.5 seconds'")
        );
    }

    [Theory]
    [InlineData("clock_timestamp() - interval '1 hour'", "interval '30 minutes'", "pg_postmaster_start_time()", 6)]
    [InlineData("clock_timestamp()", "null", "pg_postmaster_start_time()", 6)]
    [InlineData("null", "interval '1 hour'", "pg_postmaster_start_time()", 6)]
    [InlineData("clock_timestamp()", "interval '1 hour'", "pg_postmaster_start_time()", 3)]
    public async Task Nobody_waits_for_a_lease_that_is_over_or_was_given_back_or_for_a_silo_that_lives(
        string beatAt,
        string lease,
        string server,
        int status
    )
    {
        await AddMemberAsync(beatAt, lease, server);

        // With a lease of an hour the statement would not end before the test is given up.
        Assert.Equal(1, await ExecuteAsync(Declare(status)));
    }

    [Theory]
    [InlineData("clock_timestamp() - interval '1 hour'", "'2020-01-01'")]
    [InlineData("clock_timestamp() + interval '1 hour'", "pg_postmaster_start_time()")]
    public async Task The_whole_lease_is_waited_for_where_the_clock_cannot_tell_how_old_it_is(string beatAt, string server)
    {
        await AddMemberAsync(beatAt, "interval '0.5 seconds'", server);
        long started = Stopwatch.GetTimestamp();
        Assert.Equal(1, await ExecuteAsync(Declare(6)));
        Assert.True(Stopwatch.GetElapsedTime(started) >= TimeSpan.FromSeconds(0.5));
    }

    [Fact]
    public async Task Silo_that_leaves_gives_its_lease_back_and_one_that_stays_takes_it()
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync(database.ConnectionString, 1);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (
            await database.ExecuteAsync("select count(*) from orleans_memory.orleans_member where status = 3 and lease > interval '0'")
                is 0L
        )
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), deadline.Token);
        }

        await cluster.Silos.StopSiloAsync(cluster.Silos.Silos[0]);
        Assert.Equal(0L, await database.ExecuteAsync("select count(*) from orleans_memory.orleans_member where lease is not null"));
    }

    // The statement that Orleans' provider reads and sends, with the values of a declaration.
    private static string Declare(int status) =>
        $"select orleans_memory.orleans_update_member('leases', 0, '10.0.0.1', 1, 1, {status}, null, now())";

    private async Task SleepsAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await database.ExecuteAsync(Waiting) is 0L)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), deadline.Token);
        }
    }

    private Task AddMemberAsync(string beatAt, string lease, string server = "pg_postmaster_start_time()") =>
        database.ExecuteAsync(
            $"""
            insert into orleans_memory.orleans_member (
              cluster_id, address, port, generation, silo_name, host_name, status, start_time, alive_time, beat, beat_at, beat_server, lease)
            values ('{Cluster}', '10.0.0.1', 1, 1, 'silo', 'host', 3, now(), now(), gen_random_uuid(), {beatAt}, {server}, {lease})
            """
        );

    private async Task<object?> ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(database.ConnectionString) { SearchPath = "orleans_memory" }.ConnectionString
        );
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
