using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Clustering;
using OrleansMemory.Grains.Storage.Postgres.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Clustering;

/// <summary>A silo that starts trusts the members that it sees writing to its database, and declares the others dead.</summary>
public sealed class MemberProofTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private const string Here = "orleans_database(), pg_postmaster_start_time()";
    private const string Dump = "'1/2/3', pg_postmaster_start_time() - interval '1 hour'";
    private const string Files = "orleans_database(), pg_postmaster_start_time() - interval '1 hour'";

    private static readonly TimeSpan SomeBeats = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    private readonly string _cluster = Guid.NewGuid().ToString("N");
    private readonly int _ownPort = FreePort.Next();
    private readonly SteppedClock _clock = new();
    private readonly LogLines _log = new();
    private readonly MemoryInstruments _instruments = new();
    private readonly PostgresStoreLifetime _lifetime = new();

    public async ValueTask InitializeAsync()
    {
        _lifetime.Store = await PostgresConversationStore.OpenAsync(
            new PostgresStorageOptions { ConnectionString = database.ConnectionString },
            _instruments,
            NullLoggerFactory.Instance,
            TimeProvider.System,
            CancellationToken.None
        );
        await ExecuteAsync($"insert into orleans_cluster (cluster_id) values ('{_cluster}')");
    }

    public async ValueTask DisposeAsync()
    {
        await _lifetime.Store.DisposeAsync();
        _instruments.Dispose();
    }

    [Fact]
    public async Task A_cluster_without_members_costs_no_wait()
    {
        await ProveAsync();

        Assert.Equal(TimeSpan.Zero, _clock.Waited);
    }

    [Theory]
    [InlineData(Here)]
    [InlineData(Files)]
    [InlineData("null, null")]
    public async Task Member_that_writes_while_it_is_watched_is_trusted(string written)
    {
        int port = await AddAsync(written);
        _clock.Between = () => BeatAsync(port);

        await ProveAsync();

        Assert.InRange(_clock.Waited, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal(3, await StatusAsync(port));
        Assert.Equal(0, await ExecuteAsync($"select version from orleans_cluster where cluster_id = '{_cluster}'"));
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task Member_of_an_older_build_is_trusted_by_its_alive_time()
    {
        int port = await AddAsync(null);
        _clock.Between = () => ExecuteAsync($"update orleans_member set alive_time = clock_timestamp() where cluster_id = '{_cluster}'");

        await ProveAsync();

        Assert.Equal(3, await StatusAsync(port));
    }

    [Fact]
    public async Task Member_that_died_long_ago_costs_no_wait()
    {
        int port = await AddAsync(Here, secondsAgo: 60);

        await ProveAsync();

        Assert.Equal(TimeSpan.Zero, _clock.Waited);
        Assert.Equal(6, await StatusAsync(port));
        Assert.Equal(1, await ExecuteAsync($"select version from orleans_cluster where cluster_id = '{_cluster}'"));
        Assert.Contains(_log.Lines, line => line.Contains($"declared dead: 127.0.0.1:{port}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Member_that_died_just_now_or_whose_clock_was_ahead_costs_five_seconds()
    {
        int written = await AddAsync(Here, secondsAgo: -7_200);
        int older = await AddAsync(null, secondsAgo: -7_200);

        await ProveAsync();

        Assert.Equal(TimeSpan.FromSeconds(5), _clock.Waited);
        Assert.Equal((6, 6), (await StatusAsync(written), await StatusAsync(older)));
    }

    [Fact]
    public async Task Predecessor_at_our_own_address_costs_no_wait_whatever_its_clock_says()
    {
        await AddAsync(Here, secondsAgo: -7_200, port: _ownPort);

        await ProveAsync();

        Assert.Equal(TimeSpan.Zero, _clock.Waited);
        Assert.Equal(6, await StatusAsync(_ownPort));
    }

    [Fact]
    public async Task Who_holds_our_own_address_is_left_to_Orleans()
    {
        using TcpListener listener = Listen(_ownPort);
        await AddAsync(Here, port: _ownPort);

        await ProveAsync();

        Assert.Equal(TimeSpan.Zero, _clock.Waited);
        Assert.Equal(3, await StatusAsync(_ownPort));
    }

    [Fact]
    public async Task Silo_of_the_database_that_was_dumped_is_declared_dead_after_a_few_beats()
    {
        int port = FreePort.Next();
        using TcpListener listener = Listen(port);
        await AddAsync(Dump, port: port);

        await ProveAsync();

        Assert.Equal(SomeBeats, _clock.Waited);
        Assert.Equal(6, await StatusAsync(port));
        Assert.Contains(_log.Lines, line => line.Contains($"a cluster of their own: 127.0.0.1:{port}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Member_that_writes_here_after_its_database_got_another_identity_stays()
    {
        int port = FreePort.Next();
        using TcpListener listener = Listen(port);
        await AddAsync(Dump, port: port);
        _clock.Between = () => BeatAsync(port);

        await ProveAsync();

        Assert.Equal(3, await StatusAsync(port));
    }

    [Fact]
    public async Task Silo_of_the_database_whose_files_were_copied_is_declared_dead_after_the_longest_silence()
    {
        int port = FreePort.Next();
        using TcpListener listener = Listen(port);
        await AddAsync(Files, secondsAgo: 3_600, port: port);

        await ProveAsync();

        Assert.Equal(Longest, _clock.Waited);
        Assert.Equal(6, await StatusAsync(port));
        Assert.Contains(_log.Lines, line => line.Contains("can be reached but do not write to this database", StringComparison.Ordinal));
        Assert.Contains(_log.Lines, line => line.Contains("the start waits for them for up to 15 s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Member_that_was_frozen_for_less_than_the_longest_silence_stays()
    {
        int port = FreePort.Next();
        using TcpListener listener = Listen(port);
        await AddAsync(Here, secondsAgo: 60, port: port);
        _clock.Between = () => _clock.Waited > TimeSpan.FromSeconds(14) ? BeatAsync(port) : Task.CompletedTask;

        await ProveAsync();

        Assert.Equal(3, await StatusAsync(port));
    }

    [Fact]
    public async Task Database_that_another_one_still_writes_to_is_refused()
    {
        int port = FreePort.Next();
        using TcpListener listener = Listen(port);
        await AddAsync(Dump, port: port);
        _clock.Between = () => ExecuteAsync($"update orleans_member set beat = gen_random_uuid() where cluster_id = '{_cluster}'");

        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(ProveAsync);

        Assert.Contains("logical replication", refused.Message, StringComparison.Ordinal);
        Assert.Equal(3, await StatusAsync(port));
    }

    [Fact]
    public async Task Member_that_writes_after_it_was_read_is_not_declared_dead()
    {
        int written = await AddAsync(Here);
        int silent = await AddAsync(Here);
        var members = new ClusterMembers(_lifetime);
        List<ListedMember> read = await members.ReadAsync(_cluster, CancellationToken.None);
        await BeatAsync(written);

        Assert.Equal(silent, Assert.Single(await members.ClearAsync(_cluster, read, CancellationToken.None)).Endpoint.Port);

        Assert.Equal((3, 6), (await StatusAsync(written), await StatusAsync(silent)));
    }

    [Fact]
    public async Task Only_members_that_write_here_are_gateways()
    {
        int here = await AddAsync(Here);
        int older = await AddAsync(null);
        await AddAsync(Dump);
        await AddAsync(Files);

        string gateways = (string)
            (
                await ExecuteAsync(
                    $"select string_agg((gateway_port - 1)::text, ' ' order by gateway_port) from orleans_gateways('{_cluster}', 3)"
                )
            )!;

        Assert.Equal(string.Join(' ', new[] { here, older }.Order()), gateways);
    }

    [Fact]
    public async Task Every_schema_is_a_database_of_its_own()
    {
        const string Name = "select orleans_database()";
        await ExecuteAsync("create schema copied; create table copied.orleans_member (like orleans_member)");
        try
        {
            Assert.NotEqual(await ExecuteAsync(Name), await database.ExecuteAsync($"set search_path = copied, orleans_memory; {Name}"));
        }
        finally
        {
            await ExecuteAsync("drop schema copied cascade");
        }
    }

    private static TcpListener Listen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        return listener;
    }

    /// <summary>Runs the step; the clock says how long it waited.</summary>
    private async Task ProveAsync()
    {
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));
        var endpoint = new EndpointOptions { AdvertisedIPAddress = IPAddress.Loopback, SiloPort = _ownPort };
        var proof = new MemberProof(
            new ClusterMembers(_lifetime),
            Options.Create(new ClusterOptions { ClusterId = _cluster }),
            Options.Create(endpoint),
            _clock,
            loggers.CreateLogger<MemberProof>()
        );
        await proof.StartAsync(CancellationToken.None);
    }

    /// <summary>Adds an active member.</summary>
    /// <param name="written">Database and server of its last beat; null for a silo of an older build, which has none.</param>
    /// <param name="secondsAgo">
    /// When it last wrote. Less than nothing counts as now, however long the machine takes until it is read.
    /// </param>
    /// <param name="port">Its port; where it is null no one listens there.</param>
    private async Task<int> AddAsync(string? written, int secondsAgo = -60, int? port = null)
    {
        int at = port ?? FreePort.Next();
        string when = $"clock_timestamp() - interval '{secondsAgo} seconds'";
        string beat = written is null ? "null, null, null, null" : $"gen_random_uuid(), {when}, {written}";
        await ExecuteAsync(
            $"""
            insert into orleans_member (cluster_id, address, port, generation, silo_name, host_name, status, proxy_port, start_time, alive_time, beat, beat_at, beat_database, beat_server)
            values ('{_cluster}', '127.0.0.1', {at}, 5, 'silo', 'host', 3, {at} + 1, {when}, {when}, {beat})
            """
        );
        return at;
    }

    private Task<object?> BeatAsync(int port) =>
        ExecuteAsync(
            $"""
            update orleans_member set beat = gen_random_uuid(), beat_at = clock_timestamp(), beat_database = orleans_database(), beat_server = pg_postmaster_start_time()
            where cluster_id = '{_cluster}' and port = {port}
            """
        );

    private async Task<int> StatusAsync(int port) =>
        (int)(await ExecuteAsync($"select status from orleans_member where cluster_id = '{_cluster}' and port = {port}"))!;

    private Task<object?> ExecuteAsync(string sql) => database.ExecuteAsync($"set search_path = orleans_memory; {sql}");
}
