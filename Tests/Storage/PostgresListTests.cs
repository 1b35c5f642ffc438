using Npgsql;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Commit;
using OrleansMemory.Grains.Storage.Postgres.Conversations;
using OrleansMemory.Tests.Contracts;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>What lists cost: nothing for most turns, and a page reads its own part of an index.</summary>
public sealed class PostgresListTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private PostgresStorageOptions _options = null!;

    public async ValueTask InitializeAsync() => _options = await SchemaOfTests.MakeAsync(database);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Turns_within_a_minute_leave_every_index_alone_and_the_first_one_after_it_does_not(bool asksJournal)
    {
        await using NpgsqlDataSource source = PostgresConnections.ForCommitting(_options);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await FillAsync(connection, 200);
        WrittenConversation conversation = await OpenAsync(connection);
        DateTimeOffset start = WrittenConversation.Start;

        Assert.Equal(
            (1, 1),
            await CommitAsync(
                asksJournal,
                connection,
                conversation,
                start.AddMinutes(1),
                new ConversationSettings { Title = "no list has a title" }
            )
        );
        for (int i = 1; i <= 8; i++)
        {
            Assert.Equal((1 + i, 1 + i), await CommitAsync(asksJournal, connection, conversation, start.AddMinutes(1).AddMicroseconds(-i)));
        }

        Assert.Equal((10, 9), await CommitAsync(asksJournal, connection, conversation, start.AddMinutes(1).AddMicroseconds(1)));
        Assert.Equal((11, 10), await CommitAsync(asksJournal, connection, conversation, start.AddMinutes(2)));
    }

    [Fact]
    public async Task Every_kind_of_list_is_read_through_its_index()
    {
        await using NpgsqlDataSource source = PostgresConnections.ForReading(_options);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        await FillAsync(connection, 20_000);
        await connection.ExecuteAsync("analyze conversation");
        var all = new ListScan
        {
            Tenant = "tenant",
            Limit = 51,
            Now = WrittenConversation.Start,
        };
        ListScan[] scans = [all, all with { UserId = "user-7" }, all with { AgentId = "agent-7" }, all with { Labels = ["number=7777"] }];
        string[] indexes = ["ix_conversation_listed_at", "ix_conversation_user", "ix_conversation_agent", "ix_conversation_labels"];

        for (int i = 0; i < scans.Length; i++)
        {
            DateTimeOffset at = WrittenConversation.Start.AddMinutes(-10_000);
            foreach (
                ListScan scan in (ListScan[])
                    [scans[i], scans[i] with { After = new ListPosition("9:9:", WrittenConversation.Start, at, 1) }]
            )
            {
                string plan = await ExplainAsync(connection, scan);
                Assert.Contains(indexes[i], plan, StringComparison.Ordinal);
                Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
                Assert.DoesNotContain("uq_conversation_name", plan, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Forks_are_listed_through_the_index_of_parents()
    {
        await using NpgsqlDataSource source = PostgresConnections.ForReading(_options);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        await FillAsync(connection, 20_000);
        await connection.ExecuteAsync(
            "update conversation set parent_id = store_id - 1, parent_sequence = 0 where tenant = 'tenant' and store_id % 4 = 0; analyze conversation"
        );

        string plan = await ExplainAsync(
            connection,
            new ListScan
            {
                Tenant = "tenant",
                Limit = 51,
                Now = WrittenConversation.Start,
                ForkOf = "c7",
            }
        );

        Assert.Contains("ix_conversation_parent", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
    }

    /// <summary>Makes a conversation per minute back from the start.</summary>
    private static Task FillAsync(NpgsqlConnection connection, int count) =>
        connection.ExecuteAsync(
            $$"""
            insert into conversation (store_id, tenant, name, state, version, first_sequence, last_sequence, user_id, agent_id, created_at, updated_at, listed_at, labels)
            select n, 'tenant', 'c' || n, 0, 1, 1, 0, 'user-' || n % 200, 'agent-' || n % 150, i.at, i.at, i.at, array['number=' || n, 'odd=' || n % 2]
            from generate_series(1, {{count}}) n
            cross join lateral (select timestamptz '2026-01-01 00:00:00Z' - n * interval '1 minute' as at) i
            """
        );

    private static async Task<WrittenConversation> OpenAsync(NpgsqlConnection connection)
    {
        ConversationKey key = ConversationKey.Create("tenant", "hot");
        var sql = new NpgsqlCommand(SqlScripts.StartLives, connection);
        sql.Parameters.Array([1_000_000L], NpgsqlTypes.NpgsqlDbType.Bigint)
            .Array([key.Tenant], NpgsqlTypes.NpgsqlDbType.Text)
            .Array([key.Id], NpgsqlTypes.NpgsqlDbType.Text)
            .Array([WrittenConversation.Start], NpgsqlTypes.NpgsqlDbType.TimestampTz)
            .Array([false], NpgsqlTypes.NpgsqlDbType.Boolean);
        await sql.ExecuteNonQueryAsync();
        return WrittenConversation.New(key, 1_000_000);
    }

    /// <summary>Writes a turn as the pipeline does.</summary>
    /// <returns>How many updates of heads the transaction has made, and how many of them touched no index.</returns>
    private static async Task<(long Updates, long WithoutIndex)> CommitAsync(
        bool asksJournal,
        NpgsqlConnection connection,
        WrittenConversation conversation,
        DateTimeOffset at,
        ConversationSettings? settings = null
    )
    {
        TurnCommit turn = conversation.Turn($"turn-{conversation.Version}", "text") with { At = at, Settings = settings };
        await using var sql = new NpgsqlBatch(connection);
        // No caller waits for it: it is only bound, and so needs no pipeline to answer to.
        var pending = new PendingCommit(turn, bytes: 1, enqueuedAt: 0, pipeline: null!, share: null!, new AnswerQueue());
        sql.BatchCommands.Add(CommitStatement.Make([new CommitGroup(pending)], asksJournal));
        await sql.ExecuteNonQueryAsync();
        conversation.Advance(turn);
        await using var count = new NpgsqlCommand(
            "select n_tup_upd, n_tup_hot_upd from pg_stat_xact_user_tables where relid = 'conversation'::regclass",
            connection
        );
        await using NpgsqlDataReader reader = await count.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    private static async Task<string> ExplainAsync(NpgsqlConnection connection, ListScan scan)
    {
        NpgsqlBatchCommand command = PostgresConversationStore.ListCommand(scan);
        await using var explain = new NpgsqlCommand("explain " + command.CommandText, connection);
        foreach (NpgsqlParameter parameter in command.Parameters.ToArray())
        {
            command.Parameters.Remove(parameter);
            explain.Parameters.Add(parameter);
        }

        return await explain.ReadLinesAsync();
    }
}
