using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Storage.Postgres.Clustering;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Clocks;

/// <summary>A member that says that it was alive at an instant still to come is out of date, and keeps no one from starting.</summary>
public sealed class FutureMembersTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TestClock _host = new();
    private readonly ManualUtcClock _wall = new();

    public static TheoryData<SiloStatus, double, double, bool> Members { get; } =
        new()
        {
            { SiloStatus.Active, 7_200, -10, false },
            { SiloStatus.Active, -10, 7_200, false },
            { SiloStatus.Active, 5, 5, true },
            { SiloStatus.Active, 5.001, -10, false },
            { SiloStatus.Active, -10, -7_200, true },
            { SiloStatus.Joining, -10, 7_200, true },
            { SiloStatus.Dead, 7_200, 7_200, true },
        };

    [Theory]
    [MemberData(nameof(Members))]
    public async Task Only_an_active_member_with_a_later_instant_counts_as_out_of_date(
        SiloStatus status,
        double alive,
        double started,
        bool isKept
    )
    {
        DateTime now = _wall.GetUtcNow().UtcDateTime;
        (DateTime aliveAt, DateTime startedAt) = (now.AddSeconds(alive), now.AddSeconds(started));
        using var time = new DatabaseTime(_host, new DatabaseClockScript(_host, _wall));
        var table = new ClockedMembershipTable(
            new OneMember(status, aliveAt, startedAt),
            time,
            Options.Create(new ClockOptions { Tolerance = Tolerance }),
            NullLogger<ClockedMembershipTable>.Instance
        );

        // What time it is at the database is not known yet.
        Assert.Equal((aliveAt, startedAt), await ReadAsync(table.ReadAllAsync(None)));

        await time.ReadAsync(TimeSpan.Zero, None);

        (DateTime, DateTime) expected = isKept ? (aliveAt, startedAt) : (DateTime.UnixEpoch, DateTime.UnixEpoch);
        Assert.Equal(expected, await ReadAsync(table.ReadAllAsync(None)));
        Assert.Equal(expected, await ReadAsync(table.ReadRowAsync(OneMember.Address, None)));
    }

    [Fact]
    public async Task A_dead_member_whose_clock_was_ahead_keeps_no_silo_from_joining()
    {
        (string, string)[] settings =
        [
            ("OrleansMemory:Cluster:FailureDetection:ProbeTimeout", "00:00:01"),
            ("OrleansMemory:Cluster:FailureDetection:MaxJoinAttemptTime", "00:01:00"),
        ];
        await using (SiloProcess dead = await ClusterSilos.StartAsync(database.ConnectionString, settings))
        {
            await dead.KillAsync();
        }

        await database.ExecuteAsync("update orleans_memory.orleans_member set alive_time = now() + interval '2 hours'");
        await using SiloProcess silo = await ClusterSilos.StartAsync(database.ConnectionString, settings);

        Assert.Equal(
            1L,
            await database.ExecuteAsync($"select count(*) from orleans_memory.orleans_member where status = {(int)SiloStatus.Active}")
        );
    }

    private static async Task<(DateTime Alive, DateTime Started)> ReadAsync(Task<MembershipTableData> reading)
    {
        MembershipEntry member = Assert.Single((await reading).Members).Item1;
        return (member.IAmAliveTime, member.StartTime);
    }

    private sealed class OneMember(SiloStatus status, DateTime aliveAt, DateTime startedAt) : IMembershipTable
    {
        public static readonly SiloAddress Address = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11_111), 1);

        public Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken = default) =>
            Task.FromResult(
                new MembershipTableData(
                    Tuple.Create(
                        new MembershipEntry
                        {
                            SiloAddress = Address,
                            Status = status,
                            IAmAliveTime = aliveAt,
                            StartTime = startedAt,
                        },
                        "1"
                    ),
                    new TableVersion(1, "1")
                )
            );

        public Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken = default) =>
            ReadAllAsync(cancellationToken);

        public Task InitializeMembershipTable(bool tryInitTableVersion) => throw new NotSupportedException();

        public Task DeleteMembershipTableEntries(string clusterId) => throw new NotSupportedException();

        public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => throw new NotSupportedException();

        public Task<MembershipTableData> ReadRow(SiloAddress key) => throw new NotSupportedException();

        public Task<MembershipTableData> ReadAll() => throw new NotSupportedException();

        public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => throw new NotSupportedException();

        public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => throw new NotSupportedException();

        public Task UpdateIAmAlive(MembershipEntry entry) => throw new NotSupportedException();
    }
}
