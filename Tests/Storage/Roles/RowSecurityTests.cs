using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Conversations;
using OrleansMemory.Tests.Contracts;
using Xunit;

namespace OrleansMemory.Tests.Storage.Roles;

/// <summary>
/// The second wall between tenants: a statement that forgets the tenant returns nothing of another one and changes nothing.
/// </summary>
public sealed class RowSecurityTests(RowSecurityTests.Fixture fixture) : IClassFixture<RowSecurityTests.Fixture>
{
    private const string Mine = "mine";
    private const string Theirs = "theirs";

    public static TheoryData<string> UnfilteredReads { get; } =
    [
        "select tenant from conversation",
        "select c.tenant from message m join conversation c on c.store_id = m.store_id",
        "select case when store_id = {mine} then 'mine' else 'theirs' end from message",
        "select case when store_id = {mine} then 'mine' else 'theirs' end from entry",
        "select tenant from memory",
        "select case when m.body like 'mine%' then 'mine' else 'theirs' end from memory m join memory_event e on e.memory_id = m.id",
        "select case when previous like 'mine%' then 'mine' else 'theirs' end from memory_event",
    ];

    public static TheoryData<string> UnfilteredWrites { get; } =
    [
        "update conversation set title = 'taken'",
        "delete from message",
        "insert into message (store_id, sequence, created_at, bytes, role, message_id, contents) values ({theirs}, 99, now(), 2, 'user', 'x', '[]')",
        "delete from entry",
        "update memory set body = 'taken'",
        "delete from memory_event",
        "truncate message",
        "drop table message",
        "alter table message disable row level security",
        "create table mine (n int)",
    ];

    [Theory]
    [MemberData(nameof(UnfilteredReads))]
    public async Task A_statement_that_forgets_the_tenant_returns_the_rows_of_its_own_and_no_others(string statement)
    {
        await using NpgsqlConnection connection = await fixture.ConnectAsync();

        Assert.Equal([Mine], (await fixture.ReadAsync(connection, new TenantWall(fixture.Database.Reader), Mine, statement)).Distinct());

        // Without the wall it returns all of them, which is what the wall is for.
        Assert.Equal(
            [Mine, Theirs],
            (await fixture.ReadAsync(connection, new TenantWall(null), Mine, statement)).Distinct().Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(UnfilteredReads))]
    public async Task A_statement_for_a_tenant_that_has_nothing_returns_nothing_also_where_it_names_the_lives_of_another(string statement)
    {
        await using NpgsqlConnection connection = await fixture.ConnectAsync();

        Assert.Empty(
            await fixture.ReadAsync(
                connection,
                new TenantWall(fixture.Database.Reader),
                "nobody",
                statement,
                fixture.StoreIds[Mine],
                fixture.StoreIds[Theirs]
            )
        );
    }

    [Theory]
    [MemberData(nameof(UnfilteredWrites))]
    public async Task A_statement_that_changes_is_refused(string statement)
    {
        await using NpgsqlConnection connection = await fixture.ConnectAsync();

        PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(() =>
            fixture.ReadAsync(connection, new TenantWall(fixture.Database.Reader), Mine, statement)
        );

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }

    [Fact]
    public async Task What_is_behind_the_wall_ends_with_its_statement_also_when_that_fails()
    {
        await using NpgsqlConnection connection = await fixture.ConnectAsync();
        var wall = new TenantWall(fixture.Database.Reader);
        const string Who = "select current_user || ' ' || coalesce(nullif(current_setting('orleans_memory.tenant', true), ''), 'nobody')";

        Assert.Equal([$"{fixture.Database.Reader} mine"], await fixture.ReadAsync(connection, wall, Mine, Who));
        Assert.Equal([$"{fixture.Database.Running} nobody"], await fixture.ReadAsync(connection, new TenantWall(null), Mine, Who));
        await Assert.ThrowsAsync<PostgresException>(() => fixture.ReadAsync(connection, wall, Mine, "select (1 / 0)::text"));
        Assert.Equal([$"{fixture.Database.Running} nobody"], await fixture.ReadAsync(connection, new TenantWall(null), Mine, Who));
    }

    [Fact]
    public async Task A_store_that_is_asked_for_another_tenants_log_finds_none()
    {
        var scan = new MessageScan(1, long.MaxValue, null, MessageOrder.Ascending, 10, long.MaxValue);

        Assert.Single(await fixture.Store.ReadMessagesAsync(Lineage.Own(Theirs, fixture.StoreIds[Theirs]), scan, CancellationToken.None));
        Assert.Empty(await fixture.Store.ReadMessagesAsync(Lineage.Own(Mine, fixture.StoreIds[Theirs]), scan, CancellationToken.None));
        Assert.Empty(await fixture.Store.ReadToolTracesAsync(Lineage.Own(Mine, fixture.StoreIds[Theirs]), 1, CancellationToken.None));
    }

    /// <summary>A store with a conversation and a memory of each of two tenants.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        private readonly MemoryInstruments _instruments = new();
        private PostgresConversationStore? _store;

        public RestrictedDatabase Database { get; } = new();

        internal IConversationStore Store => _store!;

        internal Dictionary<string, long> StoreIds { get; } = new(StringComparer.Ordinal);

        public async ValueTask InitializeAsync()
        {
            await Database.InitializeAsync();
            await Database.MigrateAsync();
            _store = await PostgresConversationStore.OpenAsync(
                Database.Options,
                _instruments,
                NullLoggerFactory.Instance,
                TimeProvider.System,
                CancellationToken.None
            );
            foreach (string tenant in (string[])[Mine, Theirs])
            {
                WrittenConversation conversation = await WrittenConversation.LoadAsync(_store, ConversationKey.Create(tenant, "c"));
                await _store.CommitAsync(
                    conversation.Turn("t", tenant) with
                    {
                        EntryWrites =
                        [
                            new Entry
                            {
                                Space = EntrySpaces.Globals,
                                Key = "k",
                                Value = "1",
                            },
                        ],
                    },
                    CancellationToken.None
                );
                StoreIds[tenant] = conversation.StoreId;
                await Database.Database.ExecuteAsync(
                    $"""
                    insert into orleans_memory.memory (position, owner, changed, version, occurred_at, created_at, updated_at, id, bytes, kind, state, distilled, extracts, embedded, tenant, user_id, body)
                    values (1, 1, pg_current_xact_id(), 2, now(), now(), now(), gen_random_uuid(), 4, 0, 0, false, false, true, '{tenant}', 'u', '{tenant} says');
                    insert into orleans_memory.memory_event (memory_id, version, at, kind, by_extractor, previous)
                    select id, 2, now(), 1, false, '{tenant} said' from orleans_memory.memory where tenant = '{tenant}'
                    """
                );
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (_store is not null)
            {
                await _store.DisposeAsync();
            }

            _instruments.Dispose();
            await Database.DisposeAsync();
        }

        internal async Task<NpgsqlConnection> ConnectAsync()
        {
            var connection = new NpgsqlConnection(Database.As(Database.Running) + ";Pooling=false;Search Path=orleans_memory");
            await connection.OpenAsync();
            return connection;
        }

        internal async Task<List<string>> ReadAsync(
            NpgsqlConnection connection,
            TenantWall wall,
            string tenant,
            string statement,
            params long[] lives
        )
        {
            string sql = statement
                .Replace("{mine}", $"{StoreIds[Mine]}", StringComparison.Ordinal)
                .Replace("{theirs}", $"{StoreIds[Theirs]}", StringComparison.Ordinal);
            await using NpgsqlBatch batch = wall.Enter(connection, tenant, lives);
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
            await using NpgsqlDataReader reader = await wall.ReadAsync(batch, CancellationToken.None);
            var rows = new List<string>();
            while (await reader.ReadAsync())
            {
                rows.Add(reader.GetString(0));
            }

            return rows;
        }
    }
}
