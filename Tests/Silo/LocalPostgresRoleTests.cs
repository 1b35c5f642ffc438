using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Conversations;
using OrleansMemory.Grains.Storage.Postgres.Facts;
using OrleansMemory.Silo.LocalPostgres;
using OrleansMemory.Tests.Contracts;
using OrleansMemory.Tests.Silo.Start;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

/// <summary>The silo of a private server is no superuser there, also where an earlier release has made its data as one.</summary>
public sealed class LocalPostgresRoleTests : IDisposable
{
    private readonly string _folder = PostgresDatabase.NewServerFolder();

    private LocalPostgresOptions Options =>
        new()
        {
            Folder = _folder,
            SharedBuffersMegabytes = 16,
            MaxConnections = 40,
            Syncs = false,
        };

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task Data_that_an_earlier_release_has_made_as_the_superuser_is_the_silos_own_after_the_next_start_and_is_all_there()
    {
        ConversationKey key = ConversationKey.Create("default", "kept");
        await using (LocalPostgresServer earlier = await LocalPostgresServer.StartAsync(Options, CancellationToken.None))
        {
            await WriteAsync(new PostgresStorageOptions { ConnectionString = earlier.ConnectionString }, key, "first");
        }

        await using LocalPostgresServer server = await LocalPostgresServer.StartAsync(Options, CancellationToken.None);
        for (int start = 0; start < 2; start++)
        {
            await PostgresRoles.MakeAsync(server.ConnectionString);
        }

        await WriteAsync(
            new PostgresStorageOptions { ConnectionString = server.As(PostgresRoles.Owner), ReadingRole = PostgresRoles.Reader },
            key,
            "second"
        );

        Assert.Equal(2L, await PostgresDatabase.ExecuteAsync(server.ConnectionString, "select count(*) from orleans_memory.message"));
        Assert.Equal(
            0L,
            await PostgresDatabase.ExecuteAsync(
                server.ConnectionString,
                """
                select (select count(*) from pg_class c where c.relnamespace = 'orleans_memory'::regnamespace and c.relowner <> 'orleans_memory'::regrole)
                  + (select count(*) from pg_proc p where p.pronamespace = 'orleans_memory'::regnamespace and p.proowner <> 'orleans_memory'::regrole)
                  + (select count(*) from pg_namespace n where n.nspname = 'orleans_memory' and n.nspowner <> 'orleans_memory'::regrole)
                  + (select count(*) from pg_roles r where r.rolname like 'orleans_memory%' and (r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolbypassrls or r.rolreplication))
                """
            )
        );
        foreach (
            string statement in (string[])
                [
                    "copy (select 1) to program 'true'",
                    "select rolpassword from pg_authid",
                    "create role another",
                    "set role postgres",
                    "create table public.mine (n int)",
                ]
        )
        {
            PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(() =>
                PostgresDatabase.ExecuteAsync(server.As(PostgresRoles.Owner), statement)
            );
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        }
    }

    [Fact]
    public async Task The_silos_program_connects_as_its_own_role_and_reads_behind_the_wall()
    {
        await using SiloRun silo = SiloRun.Start(("OrleansMemory:Store:Kind", "Postgres"), ("OrleansMemory:Store:DataFolder", _folder));
        await silo.ReadyAsync();
        string superuser = $"Host={_folder};Username=postgres;Database=postgres";

        Assert.Equal(
            "orleans_memory",
            await PostgresDatabase.ExecuteAsync(
                superuser,
                "select string_agg(distinct usename, ',') from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()"
            )
        );
        Assert.Equal(
            5L,
            await PostgresDatabase.ExecuteAsync(
                superuser,
                "select count(*) from pg_policy where 'orleans_memory_reader'::regrole = any(polroles)"
            )
        );
        Assert.Equal(0, await silo.StopAsync());
    }

    private static async Task WriteAsync(PostgresStorageOptions options, ConversationKey key, string turnId)
    {
        using var instruments = new MemoryInstruments();
        await using PostgresConversationStore store = await PostgresConversationStore.OpenAsync(
            options,
            instruments,
            NullLoggerFactory.Instance,
            TimeProvider.System,
            CancellationToken.None
        );
        await PostgresFactStore.OpenAsync(store, NullLogger.Instance, CancellationToken.None);
        WrittenConversation conversation = await WrittenConversation.LoadAsync(store, key);
        CommitResult result = await store.CommitAsync(conversation.Turn(turnId, turnId), CancellationToken.None);
        Assert.Equal(CommitStatus.Committed, result.Status);
    }
}
