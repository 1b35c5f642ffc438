using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Conversations;
using OrleansMemory.Grains.Text;
using OrleansMemory.Tests.Contracts;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>The search index in PostgreSQL: made when somebody searches, gone with what it is made of.</summary>
public sealed class SearchIndexTests : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private const string Orphans =
        "select count(*) from orleans_memory.message_search s where not exists (select 1 from orleans_memory.message m where m.store_id = s.store_id and m.sequence = s.sequence)";

    private readonly PostgresDatabase _database;
    private readonly MemoryInstruments _instruments = new();
    private readonly string _tenant = $"t{Guid.NewGuid():N}";
    private PostgresConversationStore _store = null!;

    public SearchIndexTests(PostgresDatabase database) => _database = database;

    private static CancellationToken None => CancellationToken.None;

    public async ValueTask InitializeAsync() => _store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _instruments.Dispose();
    }

    [Fact]
    public async Task Turns_index_nothing_and_a_search_what_it_needs_once()
    {
        WrittenConversation conversation = await WriteAsync("c", 2_500);
        await WriteAsync("other", 3);
        Assert.Equal(0L, await CountAsync("message_search", conversation));

        Assert.Equal(100, (await SearchAsync("c", "needle")).Messages.Count);
        Assert.Equal(2_500L, await CountAsync("message_search", conversation));
        Assert.Equal(
            2_500L,
            await _database.ExecuteAsync(
                $"select indexed_through from orleans_memory.search_progress where store_id = {conversation.StoreId}"
            )
        );
        object? written = await _database.ExecuteAsync(
            $"select max(xmin::text::bigint) from orleans_memory.message_search where store_id = {conversation.StoreId}"
        );

        await SearchAsync("c", "needle");
        Assert.Equal(
            written,
            await _database.ExecuteAsync(
                $"select max(xmin::text::bigint) from orleans_memory.message_search where store_id = {conversation.StoreId}"
            )
        );
        Assert.Equal(0L, await CountAsync("message_search", await LoadAsync("other")));
    }

    [Fact]
    public async Task Interrupted_search_has_not_worked_in_vain()
    {
        WrittenConversation conversation = await WriteAsync("c", 3_000);
        await _database.ExecuteAsync(
            $"alter table orleans_memory.message_search add constraint ck_stop check (store_id <> {conversation.StoreId} or sequence < 2500)"
        );

        await Assert.ThrowsAnyAsync<MemoryException>(() => SearchAsync("c", "needle"));
        Assert.Equal(2_000L, await CountAsync("message_search", conversation));

        await _database.ExecuteAsync("alter table orleans_memory.message_search drop constraint ck_stop");
        Assert.Equal(100, (await SearchAsync("c", "needle")).Messages.Count);
        Assert.Equal(3_000L, await CountAsync("message_search", conversation));
    }

    [Fact]
    public async Task What_another_analysis_indexed_is_indexed_anew()
    {
        WrittenConversation conversation = await WriteAsync("c", 3);
        await SearchAsync("c", "needle");
        await _database.ExecuteAsync(
            $"update orleans_memory.search_progress set analysis = 0 where store_id = {conversation.StoreId}; "
                + $"update orleans_memory.message_search set terms = '''@{conversation.StoreId}'' ''old''' where store_id = {conversation.StoreId}"
        );

        Assert.Equal(3, (await SearchAsync("c", "needle")).Messages.Count);
        Assert.Empty((await SearchAsync("c", "old")).Messages);
    }

    [Fact]
    public async Task Turns_of_a_conversation_that_is_being_indexed_go_on_and_its_deletion_waits()
    {
        WrittenConversation conversation = await WriteAsync("c", 10);
        await using NpgsqlConnection indexer = await StartIndexingAsync(conversation);
        await using PostgresConversationStore impatient = await OpenAsync(";Options=-c lock_timeout=50");

        Assert.Equal(CommitStatus.Committed, (await impatient.CommitAsync(conversation.Turn("more", "needle"), None)).Status);
        await Assert.ThrowsAsync<MemoryUnavailableException>(() => impatient.DeleteAsync(conversation.Key, conversation.Now, None));
        await ExecuteAsync(
            indexer,
            $"insert into message_search values ({conversation.StoreId}, 1, now(), ''); insert into search_progress values ({conversation.StoreId}, 1, 1); commit"
        );

        Assert.True((await impatient.DeleteAsync(conversation.Key, conversation.Now, None)).Receipt.Existed);
        Assert.Equal(0L, await CountAsync("message_search", conversation));
        Assert.Equal(0L, await CountAsync("search_progress", conversation));
    }

    [Fact]
    public async Task Removal_of_truncated_messages_waits_for_indexing_and_leaves_none_of_its_rows()
    {
        WrittenConversation conversation = await WriteAsync("c", 10);
        await using NpgsqlConnection indexer = await StartIndexingAsync(conversation);
        await using PostgresConversationStore impatient = await OpenAsync(";Options=-c lock_timeout=50");
        await impatient.CommitAsync(conversation.Truncation("cut", keepLast: 1), None);
        var sweep = new Sweep(DateTimeOffset.MinValue, DateTimeOffset.MinValue, 100);

        await Assert.ThrowsAsync<MemoryUnavailableException>(() => impatient.SweepAsync(sweep, None));
        await ExecuteAsync(indexer, $"insert into message_search values ({conversation.StoreId}, 1, now(), ''); commit");

        Assert.Equal(9, (await impatient.SweepAsync(sweep, None)).Messages);
        Assert.Equal(0L, await CountAsync("message_search", conversation));
    }

    [Fact]
    public async Task Replaced_life_that_is_being_indexed_is_left_to_a_later_sweep()
    {
        WrittenConversation conversation = await WriteAsync("c", 10);
        await using NpgsqlConnection indexer = await StartIndexingAsync(conversation);
        await _database.ExecuteAsync($"update orleans_memory.conversation set state = 2 where store_id = {conversation.StoreId}");
        var sweep = new Sweep(DateTimeOffset.MinValue, DateTimeOffset.MinValue, 100);

        Assert.Equal(default, await _store.SweepAsync(sweep, None));
        await ExecuteAsync(indexer, $"insert into message_search values ({conversation.StoreId}, 1, now(), ''); commit");

        Assert.Equal(new SweepResult(0, 0, 10, 1), await _store.SweepAsync(sweep, None));
        Assert.Equal(0L, await CountAsync("message_search", conversation));
    }

    [Fact]
    public async Task Replaced_lives_and_deletions_leave_nothing_in_the_index_while_others_search()
    {
        for (int round = 0; round < 8; round++)
        {
            WrittenConversation conversation = await WriteAsync($"r{round}", 300);
            await _store.CommitAsync(
                conversation.Turn("owner") with
                {
                    Settings = new ConversationSettings { UserId = "ada" },
                    ExpiresAt = conversation.Now.AddHours(1),
                },
                None
            );
            WrittenConversation current = await LoadAsync($"r{round}");
            Func<Task> ends = (round % 4) switch
            {
                0 => () => _store.DeleteAsync(current.Key, current.Now, None),
                1 => () => _store.CommitAsync(current.Truncation("cut", keepLast: 5), None),
                2 => () => StartNewLifeAsync(current),
                _ => () => _store.ForkAsync(current.Fork(ConversationKey.Create(_tenant, $"f{round}"), 100), None),
            };
            await Task.WhenAll(
                Task.Run(() => _store.SearchUserAsync(_tenant, "ada", Look("needle"), None)),
                Task.Run(() => _store.SearchConversationAsync(current.Key, Look("needle"), None)),
                Task.Run(ends),
                Task.Run(() => _store.SweepAsync(new Sweep(DateTimeOffset.MinValue, DateTimeOffset.MinValue, 200), None))
            );
        }

        while (await _store.SweepAsync(new Sweep(DateTimeOffset.MinValue, DateTimeOffset.MinValue, 1_000), None) != default) { }

        Assert.Equal(0L, await _database.ExecuteAsync(Orphans));
        Assert.Equal(
            0L,
            await _database.ExecuteAsync(
                "select count(*) from orleans_memory.search_progress g where not exists (select 1 from orleans_memory.conversation c where c.store_id = g.store_id)"
            )
        );
    }

    [Fact]
    public async Task Search_asks_the_index_and_reads_no_table_whole()
    {
        WrittenConversation conversation = await WriteAsync("c", 200);
        await SearchAsync("c", "needle");
        await using NpgsqlConnection connection = await OpenConnectionAsync();
        await ExecuteAsync(connection, "set enable_seqscan = off; set search_path = orleans_memory");
        string sql = SqlScripts
            .SearchConversation.Replace("$1", $"array['''@{conversation.StoreId}''']", StringComparison.Ordinal)
            .Replace("$2", "array[1]", StringComparison.Ordinal)
            .Replace("$3", "array[200]", StringComparison.Ordinal)
            .Replace("$4", "'''needl'''", StringComparison.Ordinal)
            .Replace("$5", "null::bigint", StringComparison.Ordinal)
            .Replace("$6", "21", StringComparison.Ordinal);
        await using var command = new NpgsqlCommand("explain " + sql, connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await reader.ReadAsync())
        {
            plan.Add(reader.GetString(0));
        }

        Assert.Contains(plan, line => line.Contains("ix_message_search_terms", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, line => line.Contains("Seq Scan", StringComparison.Ordinal));
    }

    private static MessageSearch Look(string text) =>
        new(SearchExpressionParser.Parse(text, "text"), null, 100, long.MaxValue, WrittenConversation.Start);

    private async Task<SearchResult> SearchAsync(string id, string text, CancellationToken cancellationToken = default) =>
        (await _store.SearchConversationAsync(ConversationKey.Create(_tenant, id), Look(text), cancellationToken))!;

    private Task<WrittenConversation> LoadAsync(string id) => WrittenConversation.LoadAsync(_store, ConversationKey.Create(_tenant, id));

    private async Task<WrittenConversation> WriteAsync(string id, int messages)
    {
        WrittenConversation conversation = await LoadAsync(id);
        TurnCommit turn = conversation.Turn("1", [.. Enumerable.Range(1, messages).Select(i => WrittenConversation.Row(i, $"needle {i}"))]);
        await _store.CommitAsync(turn, None);
        return conversation.Advance(turn);
    }

    /// <summary>Starts a new life in place of one that has expired an hour later.</summary>
    private async Task StartNewLifeAsync(WrittenConversation expired) =>
        await _store.CommitAsync(
            expired.Turn("new life") with
            {
                StoreId = await _store.ReserveStoreIdAsync(None),
                Replaces = new ExpiredLife(expired.StoreId, expired.Version),
                ExpectedVersion = 0,
                LastSequence = 0,
                ExpiresAt = null,
                At = expired.Now.AddHours(2),
            },
            None
        );

    private Task<object?> CountAsync(string table, WrittenConversation conversation) =>
        _database.ExecuteAsync($"select count(*) from orleans_memory.{table} where store_id = {conversation.StoreId}");

    /// <summary>Holds the locks of a step of indexing until this connection commits.</summary>
    private async Task<NpgsqlConnection> StartIndexingAsync(WrittenConversation conversation)
    {
        NpgsqlConnection connection = await OpenConnectionAsync();
        string sql = SqlScripts.LockIndexing.Replace("$1", $"{conversation.StoreId}", StringComparison.Ordinal);
        await ExecuteAsync(connection, "begin; set local search_path = orleans_memory; " + sql);
        return connection;
    }

    private Task<PostgresConversationStore> OpenAsync(string settings = "") =>
        PostgresConversationStore.OpenAsync(
            new PostgresStorageOptions { ConnectionString = _database.ConnectionString + settings },
            _instruments,
            NullLoggerFactory.Instance,
            TimeProvider.System,
            None
        );

    private async Task<NpgsqlConnection> OpenConnectionAsync()
    {
        var connection = new NpgsqlConnection(_database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
