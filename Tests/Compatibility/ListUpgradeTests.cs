using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Conversations;
using OrleansMemory.Grains.Storage.Postgres.Schema;
using OrleansMemory.Tests.Storage;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Compatibility;

/// <summary>A database of schema 1, with conversations in it, is brought to lists.</summary>
public sealed class ListUpgradeTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Conversations_of_an_older_build_are_listed_by_recency_user_and_metadata()
    {
        var options = new PostgresStorageOptions { ConnectionString = database.ConnectionString, Schema = $"s_{Guid.NewGuid():N}" };
        await MigrateAsync(options, 1);
        await using (NpgsqlDataSource source = PostgresConnections.ForMigrating(options))
        {
            await InsertAsync(source, 1, "first", 0, Noon.AddDays(-1), "ada", """{"k":1}""");
            await InsertAsync(source, 2, "second", 0, Noon, "ada", """{"k":"1","half":"\ud800"}""");
            await InsertAsync(source, 3, "third", 0, Noon.AddMinutes(1), "bob", """{"k":1}""");
            await InsertAsync(source, 4, "plain", 0, Noon.AddMinutes(2), null, null);
            await InsertAsync(source, 5, "replaced", 2, Noon.AddMinutes(3), "ada", """{"k":1}""");
        }

        using var instruments = new MemoryInstruments();
        await using PostgresConversationStore store = await PostgresConversationStore.OpenAsync(
            options,
            instruments,
            NullLoggerFactory.Instance,
            TimeProvider.System,
            CancellationToken.None
        );

        Assert.Equal(["plain", "third", "second", "first"], await IdsAsync(store, scan => scan));
        Assert.Equal(["second", "first"], await IdsAsync(store, scan => scan with { UserId = "ada" }));

        // PostgreSQL cannot read the second document, so it has no labels until its settings are set again.
        Assert.Equal(["third", "first"], await IdsAsync(store, scan => scan with { Labels = ["k=1"] }));
        ConversationKey key = ConversationKey.Create("tenant", "first");
        StoredConversation first = await store.LoadAsync(key, new TailBounds(1, 1), CancellationToken.None);
        Assert.Equal("""{"k":1}""", first.Head!.Settings.Metadata);
    }

    [Theory]
    [MemberData(nameof(MetadataLabelsTests.Documents), MemberType = typeof(MetadataLabelsTests))]
    public async Task Upgrade_makes_the_labels_that_settings_get(string metadata, string[] labels)
    {
        var options = new PostgresStorageOptions { ConnectionString = database.ConnectionString, Schema = $"s_{Guid.NewGuid():N}" };
        await MigrateAsync(options, 1);
        await using NpgsqlDataSource source = PostgresConnections.ForMigrating(options);
        await InsertAsync(source, 1, "only", 0, Noon, null, metadata);

        await MigrateAsync(options, 2);

        object? made = await database.ExecuteAsync($"select labels from {options.Schema}.conversation");
        Assert.Equal(labels, made as string[] ?? []);
    }

    private static async Task MigrateAsync(PostgresStorageOptions options, int scripts)
    {
        await using NpgsqlDataSource source = PostgresConnections.ForMigrating(options);
        await new SchemaMigrator(options.Schema, [.. SqlScripts.Schema().Take(scripts)], NullLogger<SchemaMigrator>.Instance).MigrateAsync(
            source,
            CancellationToken.None
        );
    }

    /// <summary>Writes a row as schema 1 had it.</summary>
    private static async Task InsertAsync(
        NpgsqlDataSource source,
        long storeId,
        string name,
        short state,
        DateTimeOffset updated,
        string? user,
        string? metadata
    )
    {
        await using NpgsqlCommand command = source.CreateCommand(
            """
            insert into conversation (store_id, tenant, name, state, version, first_sequence, last_sequence, user_id, metadata, created_at, updated_at)
            values ($1, 'tenant', $2, $3, 1, 1, 0, $4, $5::json, $6, $6)
            """
        );
        command.Parameters.AddWithValue(storeId);
        command.Parameters.AddWithValue(name);
        command.Parameters.AddWithValue(state);
        command.Parameters.AddWithValue((object?)user ?? DBNull.Value);
        command.Parameters.AddWithValue((object?)metadata ?? DBNull.Value);
        command.Parameters.AddWithValue(updated);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<IEnumerable<string>> IdsAsync(PostgresConversationStore store, Func<ListScan, ListScan> narrow)
    {
        ListScan scan = narrow(
            new ListScan
            {
                Tenant = "tenant",
                Limit = 10,
                Now = Noon.AddDays(1),
            }
        );
        return (await store.ListAsync(scan, CancellationToken.None)).Conversations.Select(listed => listed.Head.Key.Id);
    }
}
