using Npgsql;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>What must hold so that conversations can be spread over several databases one day (decision 0024).</summary>
public sealed class SeveralDatabasesTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    // How the rows of each table are found when a part of the conversations moves: by these columns; by none where they stay, or are copied
    // whole.
    private static readonly Dictionary<string, string[]> Found = new(StringComparer.Ordinal)
    {
        ["conversation"] = ["store_id", "tenant", "name"],
        ["message"] = ["store_id"],
        ["entry"] = ["store_id"],
        ["turn"] = ["store_id"],
        ["removal"] = ["store_id"],
        ["import"] = ["store_id"],
        ["message_search"] = ["store_id"],
        ["search_progress"] = ["store_id"],
        ["memory"] = ["id", "tenant", "agent", "user_id", "session"],
        ["memory_event"] = ["memory_id"],
        ["memory_vector"] = ["memory_id"],
        ["memory_recording"] = ["tenant", "agent", "user_id", "session"],

        // Hashes that nothing can be read from. They matter for a window, and one too many does no harm.
        ["gone_turn"] = ["gone_at"],

        // Of tenants. What users' and conversations' hashes in the audit are made with stays with the database, and so does what was done
        // in it.
        ["audit"] = ["tenant"],
        ["usage_change"] = ["tenant"],
        ["usage_day"] = ["tenant"],
        ["usage_total"] = ["tenant"],

        // Of the cluster, or of the database itself.
        ["audit_key"] = [],
        ["grain_state"] = [],
        ["memory_cluster"] = [],
        ["orleans_cluster"] = [],
        ["orleans_member"] = [],
        ["orleans_reminder"] = [],
        ["orleansquery"] = [],
        ["schema_version"] = [],
        ["usage_walk"] = [],
    };

    [Theory]
    [InlineData('/')]
    [InlineData('{')]
    [InlineData('}')]
    public void A_key_leaves_room_for_a_group(char reserved)
    {
        foreach (string text in (string[])[$"{reserved}", $"{reserved}a", $"a{reserved}", $"a{reserved}a"])
        {
            Assert.Throws<InvalidRequestException>(() => ConversationKey.Create("tenant", text));
            Assert.Throws<InvalidRequestException>(() => ConversationKey.Create(text, "id"));
            Assert.DoesNotContain(reserved, ConversationKey.Encode(text));
        }
    }

    [Fact]
    public async Task Every_table_says_how_its_rows_are_found_for_a_move()
    {
        PostgresStorageOptions options = await SchemaOfTests.MakeAsync(database);
        await using NpgsqlDataSource source = PostgresConnections.ForMigrating(options);
        await using NpgsqlCommand tables = source.CreateCommand(
            "select relname::text from pg_class where relnamespace = current_schema::regnamespace and relkind in ('r', 'p')"
        );
        Assert.Equal(Found.Keys.Order(StringComparer.Ordinal), (await tables.ReadLinesAsync()).Split('\n').Order(StringComparer.Ordinal));
        foreach ((string table, string[] columns) in Found)
        {
            await using NpgsqlCommand there = source.CreateCommand(
                "select attname::text from pg_attribute where attrelid = $1::regclass and attname = any($2)"
            );
            there.Parameters.Add(new NpgsqlParameter { Value = table });
            there.Parameters.Add(new NpgsqlParameter { Value = columns });
            Assert.Equal(columns.Length, (await there.ReadLinesAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        }
    }

    [Fact]
    public async Task No_row_needs_the_row_of_another_conversation_by_a_foreign_key()
    {
        PostgresStorageOptions options = await SchemaOfTests.MakeAsync(database);
        await using NpgsqlDataSource source = PostgresConnections.ForMigrating(options);
        await using NpgsqlCommand keys = source.CreateCommand(
            "select conname::text from pg_constraint where contype = 'f' and connamespace = current_schema::regnamespace"
        );

        // Members of a cluster, which stay with it.
        Assert.Equal("fk_orleans_member_cluster", await keys.ReadLinesAsync());
    }
}
