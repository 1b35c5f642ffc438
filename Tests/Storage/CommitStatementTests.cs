using Npgsql;
using NpgsqlTypes;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Commit;
using OrleansMemory.Tests.Contracts;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>Batches that only append take leaner statements, which write what the general one writes.</summary>
public sealed class CommitStatementTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private PostgresStorageOptions _options = null!;

    public async ValueTask InitializeAsync() => _options = await SchemaOfTests.MakeAsync(database);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void The_leanest_statement_that_does_what_is_asked_is_taken()
    {
        WrittenConversation one = Conversation("one", 1);
        WrittenConversation other = Conversation("other", 2);
        TurnCommit plain = one.Turn("t", "text");
        var entry = new Entry
        {
            Space = "s",
            Key = "k",
            Value = "1",
        };

        Assert.Equal(SqlScripts.CommitMessages, Statement(false, [plain]));
        Assert.Equal(SqlScripts.CommitMessages, Statement(false, [one.Turn("no message")]));
        Assert.Equal(SqlScripts.CommitMessages, Statement(false, [plain], [other.Turn("t", "text")]));
        Assert.Equal(SqlScripts.CommitMessages, Statement(false, [plain, plain with { TurnId = "u" }]));
        Assert.Equal(SqlScripts.CommitTurns, Statement(true, [plain]));
        TurnCommit[] more =
        [
            plain with
            {
                Settings = new ConversationSettings(),
            },
            plain with
            {
                Truncates = true,
            },
            plain with
            {
                EntryWrites = [entry],
            },
            plain with
            {
                EntryDeletes = [new EntryName("s", "k")],
            },
        ];
        Assert.All(more, turn => Assert.Equal(SqlScripts.CommitTurns, Statement(false, [turn])));
        Assert.All(more, turn => Assert.Equal(SqlScripts.CommitTurns, Statement(false, [other.Turn("t", "text")], [turn])));
    }

    [Fact]
    public async Task Every_statement_can_be_planned_before_there_is_a_turn()
    {
        await using NpgsqlDataSource source = PostgresConnections.ForCommitting(_options);
        await using var writer = new BatchWriter(source);
        await writer.PrepareAsync(CancellationToken.None);

        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        await using var rows = new NpgsqlCommand(
            "select (select count(*) from conversation) + (select count(*) from turn) + (select count(*) from message)",
            connection
        );
        Assert.Equal(0L, await rows.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Every_statement_writes_the_same_rows()
    {
        await using NpgsqlDataSource source = PostgresConnections.ForCommitting(_options);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        for (int seed = 1; seed <= 60; seed++)
        {
            long general = seed * 1_000L;
            long lean = general + 500;
            bool isStale = seed % 5 == 0;
            long[] expected = await WriteAsync(connection, seed, general, asksJournal: true, isStale);
            long[] written = await WriteAsync(connection, seed, lean, asksJournal: false, isStale);

            Assert.Equal(expected.Select(id => id - general), written.Select(id => id - lean));
            foreach (string rows in (string[])["conversation", "turn", "message"])
            {
                Assert.Equal(await ReadAsync(connection, rows, general), await ReadAsync(connection, rows, lean));
            }
        }
    }

    [Fact]
    public async Task A_turn_that_the_journal_has_is_a_repetition_and_nothing_is_written()
    {
        await using NpgsqlDataSource source = PostgresConnections.ForCommitting(_options);
        foreach (int groups in (int[])[1, 2])
        {
            await using NpgsqlConnection connection = await source.OpenConnectionAsync();
            WrittenConversation[] conversations =
            [
                .. Enumerable.Range(1, groups).Select(i => Conversation($"again-{groups}-{i}", 900_000 + (groups * 10) + i)),
            ];
            await StartAsync(connection, conversations);
            TurnCommit[] first = Array.ConvertAll(conversations, conversation => conversation.Turn("same", "text"));
            await ExecuteAsync(connection, false, Array.ConvertAll(first, turn => (TurnCommit[])[turn]));
            TurnCommit[] again = Array.ConvertAll(
                conversations,
                conversation => conversation.Advance(first[Array.IndexOf(conversations, conversation)]).Turn("same", "more")
            );

            PostgresException failure = await Assert.ThrowsAsync<PostgresException>(() =>
                ExecuteAsync(connection, false, Array.ConvertAll(again, turn => (TurnCommit[])[turn]))
            );

            Assert.True(PostgresErrors.IsRepetition(failure));
        }
    }

    private static WrittenConversation Conversation(string id, long storeId) =>
        WrittenConversation.New(ConversationKey.Create("tenant", id), storeId);

    /// <summary>Starts conversations and writes a batch that a seed stands for.</summary>
    private static async Task<long[]> WriteAsync(NpgsqlConnection connection, int seed, long storeId, bool asksJournal, bool isStale)
    {
        var random = new Random(seed);
        WrittenConversation[] conversations =
        [
            .. Enumerable.Range(0, random.Next(1, 4)).Select(i => Conversation($"{storeId}-{i}", storeId + i)),
        ];
        await StartAsync(connection, conversations);
        var groups = new List<TurnCommit[]>();
        foreach (WrittenConversation conversation in conversations)
        {
            var turns = new List<TurnCommit>();
            for (int turn = random.Next(1, 4); turn > 0; turn--)
            {
                TurnCommit commit = conversation.Turn(
                    $"turn-{turn}",
                    [.. Enumerable.Range(1, random.Next(0, 4)).Select(i => Row(random, conversation.LastSequence + i))]
                ) with
                {
                    At = WrittenConversation.Start.AddSeconds(random.Next(-100, 100)),
                    ExpiresAt = random.Next(2) == 0 ? null : WrittenConversation.Start.AddDays(1),
                };
                turns.Add(commit);
                conversation.Advance(commit);
            }

            groups.Add([.. turns]);
        }

        if (isStale)
        {
            groups[0][0] = groups[0][0] with { ExpectedVersion = 7 };
        }

        return await ExecuteAsync(connection, asksJournal, [.. groups]);
    }

    private static MessageRow Row(Random random, long sequence)
    {
        Message message = WrittenConversation
            .Row(sequence, $"text {sequence}", random.Next(2) == 0 ? MessageRoles.User : MessageRoles.System)
            .Message with
        {
            Author = random.Next(2) == 0 ? null : "Ada",
            Metadata = random.Next(2) == 0 ? null : """{"n":1.0}""",
        };
        return WrittenConversation.Sized(message, random.Next(3) == 0 ? new ToolLinks(["call"], []) : null);
    }

    private static string Statement(bool asksJournal, params TurnCommit[][] groups) => Make(asksJournal, groups).CommandText;

    private static NpgsqlBatchCommand Make(bool asksJournal, TurnCommit[][] groups) =>
        CommitStatement.Make([.. groups.Select(Group)], asksJournal);

    // No caller waits for them: they are only bound, and so need no pipeline to answer to.
    private static CommitGroup Group(TurnCommit[] turns)
    {
        var chain = new CommitChain();
        CommitGroup? group = null;
        foreach (TurnCommit turn in turns)
        {
            var pending = new PendingCommit(
                turn with
                {
                    Chain = chain,
                    ExpectedVersion = group is null ? turn.ExpectedVersion : group.Last.Version,
                },
                bytes: 1,
                enqueuedAt: 0,
                pipeline: null!,
                share: null!,
                new AnswerQueue()
            );
            if (group is null)
            {
                group = new CommitGroup(pending);
            }
            else
            {
                Assert.True(group.TryAppend(pending));
            }
        }

        return group!;
    }

    private static async Task<long[]> ExecuteAsync(NpgsqlConnection connection, bool asksJournal, TurnCommit[][] groups)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Make(asksJournal, groups));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
        var written = new List<long>();
        while (await reader.ReadAsync())
        {
            written.Add(reader.GetInt64(0));
        }

        return [.. written.Order()];
    }

    private static async Task StartAsync(NpgsqlConnection connection, WrittenConversation[] conversations)
    {
        await using var start = new NpgsqlCommand(SqlScripts.StartLives, connection);
        start
            .Parameters.Array(Array.ConvertAll(conversations, each => each.StoreId), NpgsqlDbType.Bigint)
            .Array(Array.ConvertAll(conversations, each => each.Key.Tenant), NpgsqlDbType.Text)
            .Array(Array.ConvertAll(conversations, each => each.Key.Id), NpgsqlDbType.Text)
            .Array(Array.ConvertAll(conversations, _ => WrittenConversation.Start), NpgsqlDbType.TimestampTz)
            .Array(new bool[conversations.Length], NpgsqlDbType.Boolean);
        await start.ExecuteNonQueryAsync();
    }

    /// <summary>The rows of some conversations, with places in the batch for their ids and names.</summary>
    private static async Task<string> ReadAsync(NpgsqlConnection connection, string table, long storeId)
    {
        string row =
            table == "conversation"
                ? "to_jsonb(r) - 'name' || jsonb_build_object('store_id', r.store_id - $1)"
                : "to_jsonb(r) || jsonb_build_object('store_id', r.store_id - $1)";
        await using var command = new NpgsqlCommand(
            $"select coalesce(jsonb_agg(x order by x)::text, '') from (select {row} as x from {table} r where r.store_id between $1 and $1 + 99) s",
            connection
        );
        command.Parameters.Bigint(storeId);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
