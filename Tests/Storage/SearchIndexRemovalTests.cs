using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Conversations;
using OrleansMemory.Grains.Text;
using OrleansMemory.Tests.Contracts;
using OrleansMemory.Tests.Support;
using OrleansMemory.Users;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>Search rows hold what was said, as terms: they go with the user who is erased and with the conversation that expires.</summary>
public sealed class SearchIndexRemovalTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private static readonly DateTimeOffset Due = WrittenConversation.Start.AddYears(1);

    private readonly MemoryInstruments _instruments = new();
    private readonly string _tenant = $"t{Guid.NewGuid():N}";
    private PostgresConversationStore _store = null!;

    public async ValueTask InitializeAsync() =>
        _store = await PostgresConversationStore.OpenAsync(
            new PostgresStorageOptions { ConnectionString = database.ConnectionString },
            _instruments,
            NullLoggerFactory.Instance,
            TimeProvider.System,
            CancellationToken.None
        );

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _instruments.Dispose();
    }

    [Fact]
    public async Task Erasing_a_user_takes_the_search_rows_along()
    {
        WrittenConversation conversation = await WriteAndSearchAsync("erased", new ConversationSettings { UserId = "u" });

        UserErasureStep step = await _store.EraseUserAsync(new UserErasure(UserKey.Create(_tenant, "u"), Due, 100), CancellationToken.None);

        Assert.Equal(1, step.Lives);
        await AssertNothingLeftAsync(conversation);
    }

    [Fact]
    public async Task The_sweep_of_what_has_expired_takes_the_search_rows_along()
    {
        WrittenConversation conversation = await WriteAndSearchAsync("expired", ConversationSettings.Empty);

        ExpirySweepResult swept = await _store.SweepExpiredAsync(new ExpirySweep(Due, new WheelShare(0, 1), 100), CancellationToken.None);

        Assert.Equal(1, swept.Conversations);
        await AssertNothingLeftAsync(conversation);
    }

    private async Task<WrittenConversation> WriteAndSearchAsync(string id, ConversationSettings settings)
    {
        ConversationKey key = ConversationKey.Create(_tenant, id);
        WrittenConversation conversation = await WrittenConversation.LoadAsync(_store, key);
        TurnCommit turn = conversation.Turn("1", "needle one", "needle two") with { Settings = settings, ExpiresAt = Due };
        await _store.CommitAsync(turn, CancellationToken.None);
        var search = new MessageSearch(SearchExpressionParser.Parse("needle", "text"), null, 10, long.MaxValue, WrittenConversation.Start);
        Assert.Equal(2, (await _store.SearchConversationAsync(key, search, CancellationToken.None))!.Messages.Count);
        Assert.Equal(2L, await CountAsync("message_search", conversation));
        return conversation;
    }

    private async Task AssertNothingLeftAsync(WrittenConversation conversation)
    {
        Assert.Equal(0L, await CountAsync("message", conversation));
        Assert.Equal(0L, await CountAsync("message_search", conversation));
        Assert.Equal(0L, await CountAsync("search_progress", conversation));
    }

    private Task<object?> CountAsync(string table, WrittenConversation conversation) =>
        database.ExecuteAsync($"select count(*) from orleans_memory.{table} where store_id = {conversation.StoreId}");
}
