using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Conversations;
using OrleansMemory.Grains.Storage.Postgres.Facts;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>
/// What only PostgreSQL has to do for long-term memories: marks over restores and restarts, and what a deletion leaves in the tables.
/// </summary>
public sealed class PostgresFactTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly MemoryScope Scope = MemoryScope.Create("t", "a", "u", "s");

    [Fact]
    public async Task Transaction_ids_of_another_cluster_are_replaced_once_when_the_store_is_opened()
    {
        await using (var opened = await OpenedFacts.OpenAsync(database))
        {
            await opened.Store.RecordAsync(Recording(New("restored"), New("old enough")), CancellationToken.None);
        }

        // As a restore into a cluster that has given fewer ids leaves it.
        await database.ExecuteAsync(
            "update orleans_memory.memory set changed = '9000000000000'::xid8 where body = 'restored'; update orleans_memory.memory_cluster set system_identifier = 1"
        );
        string own = (string)(await database.ExecuteAsync("select changed::text from orleans_memory.memory where body = 'old enough'"))!;
        await using var again = await OpenedFacts.OpenAsync(database);
        Assert.Equal(own, await database.ExecuteAsync("select changed::text from orleans_memory.memory where body = 'old enough'"));
        Assert.Equal(
            true,
            await database.ExecuteAsync(
                "select changed < pg_snapshot_xmax(pg_current_snapshot()) and changed > '3'::xid8 from orleans_memory.memory where body = 'restored'"
            )
        );
        Assert.Equal(
            true,
            await database.ExecuteAsync(
                "select c.system_identifier = s.system_identifier from orleans_memory.memory_cluster c, pg_control_system() s"
            )
        );

        FactMark mark = await again.Store.MarkAsync(CancellationToken.None);
        Assert.Empty((await again.Store.ReadChangesAsync(Scope, mark, null, 10, 1_000, CancellationToken.None))!.Live);
    }

    [Fact]
    public async Task A_mark_of_another_start_of_the_server_is_not_known()
    {
        await using var opened = await OpenedFacts.OpenAsync(database);
        FactMark mark = await opened.Store.MarkAsync(CancellationToken.None);
        var foreign = new FactMark("1" + mark.Value);
        Assert.NotNull(await opened.Store.ReadChangesAsync(Scope, mark, null, 10, 1_000, CancellationToken.None));
        Assert.Null(await opened.Store.ReadChangesAsync(Scope, foreign, null, 10, 1_000, CancellationToken.None));
    }

    [Fact]
    public async Task A_deletion_leaves_names_and_id_only_and_the_sweep_leaves_nothing()
    {
        await using var opened = await OpenedFacts.OpenAsync(database);
        MemoryFact fact = New("needle") with
        {
            Caption = "needle",
            Speaker = "needle",
            MessageId = "needle",
            ConversationId = "needle",
            Role = "user",
            Metadata = """{"needle":"needle"}""",
        };
        await opened.Store.RecordAsync(Recording(fact) with { Key = "needle" }, CancellationToken.None);
        await opened.Store.ChangeAsync(
            new FactChange
            {
                Tenant = "t",
                Id = fact.Id,
                Text = "another needle",
                At = Start,
            },
            CancellationToken.None
        );
        await opened.Store.DeleteAsync("t", fact.Id, Start, CancellationToken.None);

        const string Rest = "select coalesce(string_agg(to_jsonb(m)::text, ''), '') from orleans_memory.memory m where m.id = ";
        string rest = (string)(await database.ExecuteAsync($"{Rest}'{fact.Id}'"))!;
        Assert.DoesNotContain("needle", rest, StringComparison.Ordinal);
        Assert.Contains("\"user_id\": \"u\"", rest, StringComparison.Ordinal);
        Assert.Equal(0L, await database.ExecuteAsync($"select count(*) from orleans_memory.memory_event where memory_id = '{fact.Id}'"));

        await opened.Store.SweepAsync(new FactSweep(Start, Start.AddSeconds(1), Start, 100), CancellationToken.None);
        Assert.Equal("", await database.ExecuteAsync($"{Rest}'{fact.Id}'"));
    }

    [Theory]
    [InlineData("agent", "ix_memory_agent")]
    [InlineData("user", "ix_memory_user")]
    [InlineData("session", "ix_memory_session")]
    public async Task Reads_of_a_scope_enter_through_the_index_of_its_name(string name, string index)
    {
        await using var opened = await OpenedFacts.OpenAsync(database);
        await database.ExecuteAsync(
            """
            insert into orleans_memory.memory (position, owner, changed, version, occurred_at, created_at, updated_at, id, bytes, kind, state, distilled, extracts, embedded, tenant, agent, user_id, session, body)
            select i, 1, '3', 1, now(), now(), now(), gen_random_uuid(), 1, 0, 0, false, false, false, 'plans', 'a' || i % 7, 'u' || i % 50, 's' || i % 500, 'x'
            from generate_series(1000000, 1005000) i;
            analyze orleans_memory.memory
            """
        );
        var scope = MemoryScope.Create(
            "plans",
            name == "agent" ? "a1" : null,
            name == "user" ? "u1" : null,
            name == "session" ? "s1" : null
        );
        foreach (string mode in (string[])["force_custom_plan", "force_generic_plan"])
        {
            // A bitmap scan of it, which is sorted, is right for a small scope.
            string page = await opened.ExplainAsync(SqlScripts.ReadMemories, scope, null, mode);
            string changes = await opened.ExplainAsync(SqlScripts.ReadMemoryChanges, scope, "10:10:", mode);
            Assert.Contains(index, page, StringComparison.Ordinal);
            Assert.Contains($"{index}_changed", changes, StringComparison.Ordinal);
            Assert.DoesNotContain("Seq Scan", page + changes, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_list_by_metadata_enters_through_the_index_of_labels()
    {
        await using var opened = await OpenedFacts.OpenAsync(database);
        await database.ExecuteAsync(
            """
            insert into orleans_memory.memory (position, owner, changed, version, occurred_at, created_at, updated_at, id, bytes, kind, state, distilled, extracts, embedded, tenant, user_id, labels, body)
            select i, 1, '3', 1, now(), now(), now(), gen_random_uuid(), 1, 0, 0, false, false, false, 'labelled', 'u', array['city=' || i % 500, 'odd=' || i % 2], 'x'
            from generate_series(2000000, 2010000) i;
            analyze orleans_memory.memory
            """
        );
        await using NpgsqlDataSource source = PostgresConnections.ForReading(
            new PostgresStorageOptions { ConnectionString = database.ConnectionString }
        );
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        await using var explain = new NpgsqlCommand(
            $"set plan_cache_mode = force_custom_plan; prepare listed (text, text, text, text, int, text[], timestamptz, bigint, bigint, bigint) as {SqlScripts.ListMemories}; "
                + "explain (costs off) execute listed('labelled', null, null, null, null, array['city=7'], now(), 9223372036854775807, 51, 1000000)",
            connection
        );

        string plan = await explain.ReadLinesAsync();

        Assert.Contains("ix_memory_labels", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
    }

    private static MemoryFact New(string text) =>
        new()
        {
            Id = Guid.CreateVersion7().ToString("N"),
            Kind = MemoryKind.Fact,
            Agent = "a",
            User = "u",
            Session = "s",
            Text = text,
            OccurredAt = Start,
            CreatedAt = Start,
            UpdatedAt = Start,
            Version = 1,
        };

    private static FactRecording Recording(params MemoryFact[] facts) =>
        new()
        {
            Scope = Scope,
            Facts = [.. facts],
            PayloadHash = [1],
            At = Start,
        };

    /// <summary>The store of a test.</summary>
    private sealed class OpenedFacts(
        PostgresConversationStore conversations,
        PostgresFactStore store,
        MemoryInstruments instruments,
        string connectionString
    ) : IAsyncDisposable
    {
        public PostgresFactStore Store => store;

        public static async Task<OpenedFacts> OpenAsync(PostgresDatabase database)
        {
            var options = new PostgresStorageOptions { ConnectionString = database.ConnectionString };
            var instruments = new MemoryInstruments();
            PostgresConversationStore conversations = await PostgresConversationStore.OpenAsync(
                options,
                instruments,
                NullLoggerFactory.Instance,
                TimeProvider.System,
                CancellationToken.None
            );
            return new OpenedFacts(
                conversations,
                await PostgresFactStore.OpenAsync(conversations, NullLogger.Instance, CancellationToken.None),
                instruments,
                database.ConnectionString
            );
        }

        public async Task<string> ExplainAsync(ScopedStatement statement, MemoryScope scope, string? snapshot, string mode)
        {
            await using NpgsqlDataSource source = PostgresConnections.ForReading(
                new PostgresStorageOptions { ConnectionString = connectionString }
            );
            await using NpgsqlConnection connection = await source.OpenConnectionAsync();
            await using NpgsqlCommand command = statement.For(scope, connection);
            (string types, string value) = snapshot is null ? ("bigint", $"{long.MaxValue}") : ("text", $"'{snapshot}'");
            string names = string.Join(
                ", ",
                new[] { scope.Tenant, scope.Session ?? scope.User ?? scope.Agent, scope.Agent, scope.User, scope.Session }.Select(text =>
                    text is null ? "null" : $"'{text}'"
                )
            );
            await using var explain = new NpgsqlCommand(
                $"set plan_cache_mode = {mode}; prepare explained (text, text, text, text, text, {types}, bigint, bigint, text) as {command.CommandText}; explain (costs off) execute explained({names}, {value}, 100, 100, null)",
                connection
            );
            var plan = new System.Text.StringBuilder();
            await using NpgsqlDataReader reader = await explain.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                plan.AppendLine(reader.GetString(0));
            }

            return plan.ToString();
        }

        public async ValueTask DisposeAsync()
        {
            await conversations.DisposeAsync();
            instruments.Dispose();
        }
    }
}
