using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Conversations;
using OrleansMemory.Grains.Storage.Postgres.Facts;
using OrleansMemory.Grains.Storage.Postgres.Schema;
using Xunit;

namespace OrleansMemory.Tests.Storage.Roles;

/// <summary>What a start says of roles that lack a right, and which roles cannot be a reading role.</summary>
public sealed class RoleStartTests : IAsyncLifetime
{
    private readonly RestrictedDatabase _database = new();

    public ValueTask InitializeAsync() => _database.InitializeAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_running_role_before_the_migration_is_told_who_must_migrate()
    {
        DatabaseStartException failure = await Assert.ThrowsAsync<DatabaseStartException>(() => OpenAsync(_database.Options));

        Assert.Contains(
            $"The account '{_database.Running}' may not create or change schema 'orleans_memory'",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("--migrate", failure.Message, StringComparison.Ordinal);
        Assert.Contains("PostgresStorageOptions.MigrationConnectionString", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_with_a_connection_string_for_migrating_migrates_as_the_owner_and_runs_as_the_running_role()
    {
        PostgresStorageOptions options = _database.Options;
        options.MigrationConnectionString = _database.As(_database.Owner);
        await OpenAsync(options);
        await OpenAsync(_database.Options);

        Assert.Equal(
            0L,
            await _database.Database.ExecuteAsync(
                $"select count(*) from pg_class c where c.relnamespace = 'orleans_memory'::regnamespace and c.relowner <> '{_database.Owner}'::regrole"
            )
        );
        Assert.Equal(
            5L,
            await _database.Database.ExecuteAsync($"select count(*) from pg_policy where '{_database.Reader}'::regrole = any(polroles)")
        );
    }

    [Fact]
    public async Task A_right_that_the_running_role_lacks_is_told_with_where_it_is_granted()
    {
        await _database.MigrateAsync();
        await _database.Database.ExecuteAsync($"revoke select on orleans_memory.schema_version from {_database.Running}");

        DatabaseStartException failure = await Assert.ThrowsAsync<DatabaseStartException>(() => OpenAsync(_database.Options));

        Assert.Contains(
            $"The account '{_database.Running}' lacks a right in schema 'orleans_memory'",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("deploy/postgres-roles.sql", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_policy_is_made_again_by_who_may_and_asked_for_by_who_may_not()
    {
        await _database.MigrateAsync();
        await _database.Database.ExecuteAsync("drop policy tenant on orleans_memory.message");

        DatabaseStartException failure = await Assert.ThrowsAsync<DatabaseStartException>(() => OpenAsync(_database.Options));
        Assert.Contains("may not create or change schema", failure.Message, StringComparison.Ordinal);
        await _database.MigrateAsync();
        await OpenAsync(_database.Options);
    }

    [Fact]
    public async Task A_role_that_cannot_be_a_reading_role_is_named_with_what_would_be_right()
    {
        await _database.MigrateAsync();
        await AssertRefusedAsync("does not exist", options => options.ReadingRole = "nobody_made_it");
        await AssertRefusedAsync(
            "which row security does not bind",
            options => (options.ReadingRole, options.ConnectionString) = (_database.Owner, _database.Database.ConnectionString)
        );
        await AssertRefusedAsync("may not become", options => options.ReadingRole = _database.Client);
        await _database.Database.ExecuteAsync(
            $"alter role {_database.Running} inherit; revoke {_database.Reader} from {_database.Running}; grant {_database.Reader} to {_database.Running}"
        );
        await AssertRefusedAsync("noinherit", static _ => { });
    }

    [Fact]
    public async Task The_script_may_be_run_again_and_the_account_of_an_external_client_reads_the_list_of_silos_and_nothing_else()
    {
        await _database.MigrateAsync();
        await _database.RunScriptAsync();
        await OpenAsync(_database.Options);

        string client = _database.As(_database.Client) + ";Search Path=orleans_memory";
        Assert.NotNull(
            await Support.PostgresDatabase.ExecuteAsync(client, "select querytext from orleansquery where querykey = 'GatewaysQueryKey'")
        );
        Assert.Null(
            await Support.PostgresDatabase.ExecuteAsync(client, "select gateway_address from orleans_gateways('orleans-memory', 3)")
        );
        PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(() =>
            Support.PostgresDatabase.ExecuteAsync(client, "select count(*) from conversation")
        );
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }

    private async Task AssertRefusedAsync(string rule, Action<PostgresStorageOptions> change)
    {
        PostgresStorageOptions options = _database.Options;
        change(options);

        DatabaseStartException failure = await Assert.ThrowsAsync<DatabaseStartException>(() => OpenAsync(options));

        Assert.StartsWith("PostgresStorageOptions.ReadingRole names the role", failure.Message, StringComparison.Ordinal);
        Assert.Contains(rule, failure.Message, StringComparison.Ordinal);
    }

    private static Task OpenAsync(PostgresStorageOptions options) =>
        new DatabaseStart(options, TimeProvider.System, NullLogger<DatabaseStart>.Instance).OpenAsync(
            async token =>
            {
                using var instruments = new MemoryInstruments();
                PostgresConversationStore store = await PostgresConversationStore.OpenAsync(
                    options,
                    instruments,
                    NullLoggerFactory.Instance,
                    TimeProvider.System,
                    token
                );
                await using (store)
                {
                    await PostgresFactStore.OpenAsync(store, NullLogger.Instance, token);
                }
            },
            CancellationToken.None
        );
}
