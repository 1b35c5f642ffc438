using System.Globalization;
using Npgsql;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Schema;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>
/// The statements that the ADO.NET providers of Orleans read from our database, run with the parameters and read by the columns that the
/// providers use.
/// </summary>
public sealed class OrleansQueriesTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private const int Active = 3;
    private const int Dead = 6;

    private static readonly DateTime Then = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private readonly string _schema = $"s_{Guid.NewGuid():N}";
    private NpgsqlDataSource _source = null!;

    public async ValueTask InitializeAsync()
    {
        var options = new PostgresStorageOptions { ConnectionString = database.ConnectionString, Schema = _schema };
        _source = PostgresConnections.ForMigrating(options);
        await new SchemaMigrator(
            _schema,
            SqlScripts.Schema(),
            Microsoft.Extensions.Logging.Abstractions.NullLogger<SchemaMigrator>.Instance
        ).MigrateAsync(_source, CancellationToken.None);
    }

    public async ValueTask DisposeAsync() => await _source.DisposeAsync();

    [Fact]
    public async Task Every_key_that_the_providers_ask_for_is_there_and_no_other()
    {
        string[] expected =
        [
            "CleanupDefunctSiloEntriesKey",
            "ClearStorageKey",
            "DeleteMembershipTableEntriesKey",
            "DeleteReminderRowKey",
            "DeleteReminderRowsKey",
            "DeleteStorageKey",
            "GatewaysQueryKey",
            "InsertMembershipKey",
            "InsertMembershipVersionKey",
            "MembershipReadAllKey",
            "MembershipReadRowKey",
            "ReadFromStorageKey",
            "ReadRangeRows1Key",
            "ReadRangeRows2Key",
            "ReadReminderRowKey",
            "ReadReminderRowsKey",
            "UpdateIAmAlivetimeKey",
            "UpdateMembershipKey",
            "UpsertReminderRowKey",
            "WriteToStorageKey",
        ];

        await using NpgsqlCommand command = _source.CreateCommand("SELECT QueryKey, QueryText FROM OrleansQuery");
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        var keys = new List<string>();
        while (await reader.ReadAsync())
        {
            keys.Add(reader.GetString(reader.GetOrdinal("QueryKey")));
        }

        Assert.Equal(expected, keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Member_is_let_in_once_and_only_by_who_knows_the_clusters_version()
    {
        Assert.Equal(1, await ScalarAsync("InsertMembershipVersionKey", Cluster));
        Assert.Equal(0, await ScalarAsync("InsertMembershipVersionKey", Cluster));

        Assert.Equal(0, await JoinAsync(port: 1, version: 7));
        Assert.Equal(1, await JoinAsync(port: 1, version: 0));
        Assert.Equal(0, await JoinAsync(port: 2, version: 0));
        Assert.Equal(0, await JoinAsync(port: 1, version: 1));

        List<Dictionary<string, object>> all = await RowsAsync("MembershipReadAllKey", Cluster);
        Dictionary<string, object> member = Assert.Single(all);
        Assert.Equal(
            [
                "address",
                "deploymentid",
                "generation",
                "hostname",
                "iamalivetime",
                "port",
                "proxyport",
                "siloname",
                "starttime",
                "status",
                "suspecttimes",
                "version",
            ],
            member.Keys.Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            (1, "silo-1", Then, DBNull.Value),
            (member["version"], member["siloname"], member["starttime"], member["suspecttimes"])
        );
    }

    [Fact]
    public async Task Member_is_changed_only_by_who_knows_the_clusters_version()
    {
        await ScalarAsync("InsertMembershipVersionKey", Cluster);
        await JoinAsync(port: 1, version: 0);

        Assert.Equal(0, await ChangeAsync(port: 1, Dead, version: 0));
        Assert.Equal(0, await ChangeAsync(port: 2, Dead, version: 1));
        Assert.Equal(1, await ChangeAsync(port: 1, Dead, version: 1));
        await RowsAsync("UpdateIAmAlivetimeKey", [.. Silo(1), ("IAmAliveTime", Then.AddSeconds(9))]);

        Dictionary<string, object> row = Assert.Single(await RowsAsync("MembershipReadRowKey", Silo(1)));
        Assert.Equal((Dead, "suspect", 2, Then.AddSeconds(9)), (row["status"], row["suspecttimes"], row["version"], row["iamalivetime"]));
        Dictionary<string, object> nobody = Assert.Single(await RowsAsync("MembershipReadRowKey", Silo(9)));
        Assert.Equal((2, DBNull.Value), (nobody["version"], nobody["starttime"]));
    }

    [Fact]
    public async Task Gateways_are_those_of_active_members_and_the_defunct_are_removed()
    {
        await ScalarAsync("InsertMembershipVersionKey", Cluster);
        await JoinAsync(port: 1, version: 0);
        await JoinAsync(port: 2, version: 1);
        await ChangeAsync(port: 2, Dead, version: 2);

        Dictionary<string, object> gateway = Assert.Single(await RowsAsync("GatewaysQueryKey", [.. Cluster, ("Status", Active)]));
        await RowsAsync("CleanupDefunctSiloEntriesKey", [.. Cluster, ("IAmAliveTime", Then.AddDays(1))]);
        List<Dictionary<string, object>> left = await RowsAsync("MembershipReadAllKey", Cluster);
        await RowsAsync("DeleteMembershipTableEntriesKey", Cluster);

        Assert.Equal(("127.0.0.1", 30_001, 5), (gateway["address"], gateway["proxyport"], gateway["generation"]));
        Assert.Equal(1, Assert.Single(left)["port"]);
        Assert.Empty(await RowsAsync("MembershipReadAllKey", Cluster));
    }

    [Fact]
    public async Task Of_many_silos_that_join_at_once_on_one_version_one_is_let_in()
    {
        await ScalarAsync("InsertMembershipVersionKey", Cluster);

        int[] joined = await Task.WhenAll(Enumerable.Range(1, 12).Select(port => Task.Run(() => JoinAsync(port, version: 0))));

        Assert.Equal(1, joined.Sum());
        Assert.Single(await RowsAsync("MembershipReadAllKey", Cluster));
    }

    [Fact]
    public async Task Reminders_are_found_by_grain_and_by_ranges_that_leave_their_begin_out()
    {
        foreach (int hash in (int[])[int.MinValue, -5, 0, 5, int.MaxValue])
        {
            Assert.Equal(0, await UpsertReminderAsync(hash, period: 60_000));
        }

        Assert.Equal(1, await UpsertReminderAsync(5, period: 70_000));
        Assert.Equal([0, 5], await HashesAsync("ReadRangeRows1Key", -5, 5));
        Assert.Equal([int.MinValue, -5, int.MaxValue], await HashesAsync("ReadRangeRows2Key", 5, -5));
        Assert.Equal(5, (await HashesAsync("ReadRangeRows2Key", 0, 0)).Count);
        Dictionary<string, object> row = Assert.Single(await RowsAsync("ReadReminderRowKey", [.. Reminder(5), ("ReminderName", "r")]));
        Assert.Equal((70_000L, 1, Then), (row["period"], row["version"], row["starttime"]));
        Assert.Equal(row, Assert.Single(await RowsAsync("ReadReminderRowsKey", Reminder(5))));

        Assert.Equal(0, await ScalarAsync("DeleteReminderRowKey", [.. Reminder(5), ("ReminderName", "r"), ("Version", 0)]));
        Assert.Equal(1, await ScalarAsync("DeleteReminderRowKey", [.. Reminder(5), ("ReminderName", "r"), ("Version", 1)]));
        await RowsAsync("DeleteReminderRowsKey", ("ServiceId", "s"));
        Assert.Empty(await HashesAsync("ReadRangeRows2Key", 0, 0));
    }

    [Fact]
    public async Task State_is_written_by_who_knows_its_version_and_of_two_first_writes_one_wins()
    {
        object[] first = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => WriteAsync("k", null, (byte)i))));

        Assert.Single(first, version => Equals(version, 1));
        Assert.Equal(7, first.Count(version => Equals(version, DBNull.Value)));
        Assert.Equal(2, await WriteAsync("k", 1, 42));
        Assert.Equal(1, await WriteAsync("k", 1, 43));
        Assert.Equal((42, 2), await ReadStateAsync("k"));
        Assert.Null(await ReadStateAsync("other"));
    }

    [Fact]
    public async Task State_is_cleared_or_deleted_by_who_knows_its_version()
    {
        await WriteAsync("k", null, 1);
        await WriteAsync(null, null, 2);

        Assert.Empty(await RowsAsync("ClearStorageKey", [.. State("k"), ("GrainStateVersion", 5)]));
        Dictionary<string, object> cleared = Assert.Single(await RowsAsync("ClearStorageKey", [.. State("k"), ("GrainStateVersion", 1)]));
        Assert.Equal(2, cleared["newgrainstateversion"]);
        Assert.Equal((null, 2), await ReadStateAsync("k"));
        Assert.Equal((2, 1), await ReadStateAsync(null));

        Assert.Empty(await RowsAsync("DeleteStorageKey", [.. State("k"), ("GrainStateVersion", 1)]));
        Assert.Equal(
            3,
            Assert.Single(await RowsAsync("DeleteStorageKey", [.. State("k"), ("GrainStateVersion", 2)]))["newgrainstateversion"]
        );
        Assert.Null(await ReadStateAsync("k"));
    }

    private static (string Name, object? Value)[] Cluster => [("DeploymentId", "c")];

    private static (string Name, object? Value)[] Silo(int port) =>
        [.. Cluster, ("Address", "127.0.0.1"), ("Port", port), ("Generation", 5)];

    private static (string Name, object? Value)[] Reminder(int hash) =>
        [("ServiceId", "s"), ("GrainId", "g/" + hash.ToString(CultureInfo.InvariantCulture))];

    private static (string Name, object? Value)[] State(string? key) =>
        [
            ("GrainIdHash", 1),
            ("GrainIdN0", 0L),
            ("GrainIdN1", 0L),
            ("GrainTypeHash", 2),
            ("GrainTypeString", "state"),
            ("GrainIdExtensionString", key),
            ("ServiceId", "s"),
        ];

    private Task<int> JoinAsync(int port, int version) =>
        ScalarAsync(
            "InsertMembershipKey",
            [
                .. Silo(port),
                ("SiloName", $"silo-{port}"),
                ("HostName", "host"),
                ("Status", Active),
                ("ProxyPort", 30_000 + port),
                ("StartTime", Then),
                ("IAmAliveTime", Then),
                ("Version", version),
            ]
        );

    private Task<int> ChangeAsync(int port, int status, int version) =>
        ScalarAsync(
            "UpdateMembershipKey",
            [.. Silo(port), ("Status", status), ("SuspectTimes", "suspect"), ("IAmAliveTime", Then), ("Version", version)]
        );

    private Task<int> UpsertReminderAsync(int hash, int period) =>
        ScalarAsync(
            "UpsertReminderRowKey",
            [.. Reminder(hash), ("ReminderName", "r"), ("StartTime", Then), ("Period", period), ("GrainHash", hash)]
        );

    private async Task<List<int>> HashesAsync(string key, int begin, int end) =>
        [
            .. (await RowsAsync(key, ("ServiceId", "s"), ("BeginHash", begin), ("EndHash", end)))
                .Select(row => int.Parse(((string)row["grainid"])[2..], CultureInfo.InvariantCulture))
                .Order(),
        ];

    private async Task<object> WriteAsync(string? key, int? version, byte payload) =>
        Assert.Single(
            await RowsAsync("WriteToStorageKey", [.. State(key), ("GrainStateVersion", version), ("PayloadBinary", new[] { payload })])
        )["newgrainstateversion"];

    private async Task<(int? Payload, int Version)?> ReadStateAsync(string? key)
    {
        Dictionary<string, object>? row = (await RowsAsync("ReadFromStorageKey", State(key))).SingleOrDefault();
        return row is null ? null : (row["payloadbinary"] is byte[] payload ? payload[0] : null, (int)row["version"]);
    }

    private async Task<int> ScalarAsync(string key, params (string Name, object? Value)[] parameters) =>
        (int)Assert.Single(Assert.Single(await RowsAsync(key, parameters))).Value;

    private async Task<List<Dictionary<string, object>>> RowsAsync(string key, params (string Name, object? Value)[] parameters)
    {
        await using NpgsqlConnection connection = await _source.OpenConnectionAsync();
        await using var find = new NpgsqlCommand("select querytext from orleansquery where querykey = $1", connection)
        {
            Parameters = { new() { Value = key } },
        };
        await using var command = new NpgsqlCommand((string)(await find.ExecuteScalarAsync())!, connection);
        foreach ((string name, object? value) in parameters)
        {
            command.Parameters.Add(
                new NpgsqlParameter
                {
                    ParameterName = name,
                    Value = value ?? DBNull.Value,
                    DbType = value switch
                    {
                        int => System.Data.DbType.Int32,
                        long => System.Data.DbType.Int64,
                        DateTime => System.Data.DbType.DateTime,
                        byte[] => System.Data.DbType.Binary,
                        null when name == "GrainStateVersion" => System.Data.DbType.Int32,
                        _ => System.Data.DbType.String,
                    },
                }
            );
        }

        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        var rows = new List<Dictionary<string, object>>();
        while (await reader.ReadAsync())
        {
            rows.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(reader.GetName, reader.GetValue));
        }

        return rows;
    }
}
