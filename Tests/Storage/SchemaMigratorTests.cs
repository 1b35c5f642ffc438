using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Schema;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>A schema is brought to the newest version once, by one migrator at a time, and never by guessing.</summary>
public sealed class SchemaMigratorTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly SchemaScript First = new(1, "0001_first.sql", "create table one (n integer)");
    private static readonly SchemaScript Second = new(2, "0002_second.sql", "create table two (n integer); insert into two values (2)");
    private readonly string _schema = $"s_{Guid.NewGuid():N}";

    [Fact]
    public async Task Empty_database_gets_every_script_and_a_second_start_none()
    {
        IReadOnlyList<SchemaScript> scripts = SqlScripts.Schema();

        Assert.Equal(scripts.Count, await MigrateAsync(scripts));
        Assert.Equal(0, await MigrateAsync(scripts));
        Assert.Equal((long)scripts.Count, await database.ExecuteAsync($"select count(*) from {_schema}.schema_version"));
    }

    [Fact]
    public void Scripts_are_numbered_from_one_without_gaps() =>
        Assert.Equal(Enumerable.Range(1, SqlScripts.Schema().Count), SqlScripts.Schema().Select(script => script.Number));

    [Fact]
    public async Task Database_of_an_older_build_gets_only_what_is_new()
    {
        await MigrateAsync([First]);
        await database.ExecuteAsync($"insert into {_schema}.one values (1)");

        Assert.Equal(1, await MigrateAsync([First, Second]));
        Assert.Equal(1, await database.ExecuteAsync($"select n from {_schema}.one"));
        Assert.Equal(2, await database.ExecuteAsync($"select n from {_schema}.two"));
    }

    [Fact]
    public async Task Of_many_starts_at_once_one_runs_the_scripts()
    {
        int[] counts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => MigrateAsync([First, Second]))));

        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 2], counts.Order());
        Assert.Equal(1L, await database.ExecuteAsync($"select count(*) from {_schema}.two"));
    }

    [Fact]
    public async Task Script_that_was_edited_after_it_ran_is_refused_and_nothing_runs()
    {
        await MigrateAsync([First]);
        SchemaScript edited = First with { Text = First.Text + " -- and a remark" };

        SchemaMismatchException refusal = await Assert.ThrowsAsync<SchemaMismatchException>(() => MigrateAsync([edited, Second]));

        Assert.Equal(1, refusal.Number);
        Assert.Contains("frozen", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(DBNull.Value, await database.ExecuteAsync($"select to_regclass('{_schema}.two')::text"));
    }

    [Fact]
    public async Task Database_of_a_newer_build_is_refused()
    {
        await MigrateAsync([First, Second]);

        SchemaMismatchException refusal = await Assert.ThrowsAsync<SchemaMismatchException>(() => MigrateAsync([First]));

        Assert.Equal(2, refusal.Number);
        Assert.Contains("newer build", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Database_that_newer_builds_have_only_expanded_is_worked_with()
    {
        var expanding = new SchemaScript(2, "0002_more.sql", "-- Kind: expand\ncreate table two (n integer)");
        var contracting = new SchemaScript(3, "0003_less.sql", "-- Kind: contract\ndrop table one");
        await MigrateAsync([First, expanding]);

        Assert.Equal(0, await MigrateAsync([First]));
        Assert.Equal(0, await MigrateAsync([First, expanding]));
        await MigrateAsync([First, expanding, contracting]);

        Assert.Equal(3, (await Assert.ThrowsAsync<SchemaMismatchException>(() => MigrateAsync([First]))).Number);
        Assert.Equal(3, (await Assert.ThrowsAsync<SchemaMismatchException>(() => MigrateAsync([First, expanding]))).Number);
    }

    [Fact]
    public async Task List_of_an_older_build_gets_the_column_it_lacks()
    {
        await database.ExecuteAsync(
            $"create schema {_schema}; create table {_schema}.schema_version (number integer not null, name text not null, checksum text not null, "
                + $"applied_at timestamptz not null default now(), constraint pk_schema_version primary key (number)); "
                + $"insert into {_schema}.schema_version values (1, 'x', '{SchemaMigrator.Checksum(First)}')"
        );

        Assert.Equal(1, await MigrateAsync([First, Second]));
        Assert.Equal(0, await MigrateAsync([First, Second]));
    }

    [Fact]
    public void Every_script_says_whether_it_expands_or_contracts() =>
        Assert.All(SqlScripts.Schema().Where(script => script.Number > 8), script => Assert.True(script.NamesKind, script.Name));

    [Fact]
    public async Task Asking_what_is_pending_changes_nothing()
    {
        Assert.Equal((2, 0), await PendingAsync([First, Second]));
        Assert.Equal(false, await database.ExecuteAsync($"select exists (select 1 from pg_namespace where nspname = '{_schema}')"));
        await MigrateAsync([First]);

        Assert.Equal((1, 1), await PendingAsync([First, Second]));
        Assert.Equal((0, 1), await PendingAsync([First]));
        await MigrateAsync([First, Second]);
        await Assert.ThrowsAsync<SchemaMismatchException>(() => PendingAsync([First]));
    }

    [Fact]
    public async Task Script_that_fails_leaves_nothing_of_this_start_behind()
    {
        await MigrateAsync([First]);
        var broken = new SchemaScript(3, "0003_broken.sql", "create table three (n integer); select 1 / 0");

        await Assert.ThrowsAsync<PostgresException>(() => MigrateAsync([First, Second, broken]));

        Assert.Equal(DBNull.Value, await database.ExecuteAsync($"select to_regclass('{_schema}.two')::text"));
        Assert.Equal(1L, await database.ExecuteAsync($"select count(*) from {_schema}.schema_version"));
        Assert.Equal(1, await MigrateAsync([First, Second]));
    }

    [Fact]
    public async Task Two_schemas_of_one_database_stand_apart()
    {
        Assert.Equal(1, await MigrateAsync([First]));
        Assert.Equal(2, await MigrateAsync([First, Second], schema: _schema + "_b"));
        Assert.Equal(0, await MigrateAsync([First]));
    }

    [Fact]
    public async Task Account_that_owns_the_schema_need_not_be_allowed_to_create_schemas()
    {
        string role = $"r_{Guid.NewGuid():N}";
        await database.ExecuteAsync($"create role {role} login; create schema {_schema} authorization {role}");

        Assert.Equal(1, await MigrateAsync([First], role: role));
        Assert.Equal(0, await MigrateAsync([First], role: role));
    }

    private async Task<(int Pending, int Newest)> PendingAsync(IReadOnlyList<SchemaScript> scripts)
    {
        var options = new PostgresStorageOptions { ConnectionString = database.ConnectionString, Schema = _schema };
        await using NpgsqlDataSource source = PostgresConnections.ForMigrating(options);
        (IReadOnlyList<SchemaScript> pending, int newest) = await new SchemaMigrator(
            options.Schema,
            scripts,
            NullLogger<SchemaMigrator>.Instance
        ).FindPendingAsync(source, CancellationToken.None);
        return (pending.Count, newest);
    }

    private async Task<int> MigrateAsync(IReadOnlyList<SchemaScript> scripts, string? schema = null, string? role = null)
    {
        var options = new PostgresStorageOptions { ConnectionString = database.ConnectionString, Schema = schema ?? _schema };
        if (role is not null)
        {
            options.ConnectionString += $";Options=-c role={role}";
        }

        await using NpgsqlDataSource source = PostgresConnections.ForMigrating(options);
        return await new SchemaMigrator(options.Schema, scripts, NullLogger<SchemaMigrator>.Instance).MigrateAsync(
            source,
            CancellationToken.None
        );
    }
}
