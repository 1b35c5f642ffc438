using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

/// <summary>A turn becomes durable whole, and is read back as it was given.</summary>
public abstract partial class ConversationTurnContract(StoreFixture fixture) : ConversationStoreContract(fixture)
{
    [Fact]
    public async Task Unknown_conversation_loads_without_head_under_an_id_reserved_for_it()
    {
        StoredConversation first = await LoadAsync(Key("nobody"));
        StoredConversation second = await LoadAsync(Key("nobody"));

        Assert.Null(first.Head);
        Assert.Empty(first.Entries);
        Assert.Empty(first.Tail);
        Assert.Equal(Lineage.Own(Tenant, first.StoreId).Segments, first.Lineage.Segments.AsEnumerable());
        Assert.NotEqual(first.StoreId, second.StoreId);
    }

    [Fact]
    public async Task Reserved_store_ids_are_never_given_twice()
    {
        long[][] ids = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        var taken = new long[300];
                        for (int i = 0; i < taken.Length; i++)
                        {
                            taken[i] = await Store.ReserveStoreIdAsync(None);
                        }

                        return taken;
                    })
                )
        );

        Assert.Equal(2400, ids.SelectMany(taken => taken).Distinct().Count());
    }

    [Fact]
    public async Task Turn_is_read_back_whole_and_as_given()
    {
        WrittenConversation conversation = await OpenAsync("whole");
        TurnCommit commit = Everything(conversation);

        CommitResult result = await Store.CommitAsync(commit, None);

        Assert.Equal(
            new CommitResult(
                CommitStatus.Committed,
                new TurnReceipt
                {
                    Version = 1,
                    FirstSequence = 1,
                    LastSequence = 2,
                }
            ),
            result
        );
        StoredConversation stored = await LoadAsync(conversation.Key);
        Assert.Equal(commit.StoreId, stored.StoreId);
        Assert.Equal(
            new Head
            {
                Key = conversation.Key,
                Version = 1,
                FirstSequence = 1,
                LastSequence = 2,
                Settings = commit.Settings!,
                CreatedAt = commit.At,
                UpdatedAt = commit.At,
                ExpiresAt = commit.ExpiresAt,
            },
            stored.Head
        );
        Assert.Equal(commit.Messages.Select(row => row.Message), stored.Tail);
        Assert.Equal(commit.EntryWrites, stored.Entries.AsEnumerable());
        JournalledTurn? journalled = await Store.FindTurnAsync(stored.StoreId, commit.TurnId, None);
        Assert.Equal(commit.PayloadHash, journalled!.PayloadHash);
        Assert.Equal((1, 1, 2), (journalled.Version, journalled.FirstSequence, journalled.LastSequence));
    }

    [Fact]
    public async Task Turn_without_settings_leaves_them_alone_and_one_with_settings_replaces_all_of_them()
    {
        WrittenConversation conversation = await OpenAsync("settings");
        await WriteAsync(conversation, Everything(conversation));
        ConversationSettings given = (await LoadAsync(conversation.Key)).Head!.Settings;

        await WriteAsync(conversation, conversation.Turn("plain", "hello"));
        Assert.Equal(given, (await LoadAsync(conversation.Key)).Head!.Settings);

        await WriteAsync(conversation, conversation.Turn("cleared") with { Settings = new ConversationSettings { Title = "only this" } });
        Assert.Equal(new ConversationSettings { Title = "only this" }, (await LoadAsync(conversation.Key)).Head!.Settings);
    }

    [Fact]
    public async Task Expiry_is_that_of_the_newest_turn_and_an_expired_conversation_is_returned()
    {
        WrittenConversation conversation = await WriteNewAsync("expiring", turns: 1);
        await WriteAsync(conversation, conversation.Turn("set") with { ExpiresAt = WrittenConversation.Start });
        Assert.Equal(WrittenConversation.Start, (await LoadAsync(conversation.Key)).Head!.ExpiresAt);

        await WriteAsync(conversation, conversation.Turn("unset") with { ExpiresAt = null });
        Assert.Null((await LoadAsync(conversation.Key)).Head!.ExpiresAt);
    }

    [Fact]
    public async Task Turn_without_messages_has_a_version_and_no_sequences()
    {
        WrittenConversation conversation = await WriteNewAsync("silent", turns: 2);

        TurnReceipt receipt = await WriteAsync(conversation, conversation.Turn("silent-turn"));

        Assert.Equal(new TurnReceipt { Version = 3 }, receipt);
        JournalledTurn? journalled = await Store.FindTurnAsync(conversation.StoreId, "silent-turn", None);
        Assert.Equal(new TurnReceipt { Version = 3, Replayed = true }, journalled!.ToReceipt());
    }

    [Fact]
    public async Task Head_keeps_when_it_was_created_and_tells_when_it_was_updated()
    {
        WrittenConversation conversation = await WriteNewAsync("dated", turns: 3);

        Head head = (await LoadAsync(conversation.Key)).Head!;

        Assert.Equal(WrittenConversation.Start, head.CreatedAt);
        Assert.Equal(WrittenConversation.Start.AddMinutes(2), head.UpdatedAt);
    }

    [Fact]
    public async Task Tenants_do_not_see_each_other()
    {
        WrittenConversation ours = await WriteNewAsync("shared-name", turns: 2);
        ConversationKey theirs = ConversationKey.Create(Tenant + "x", "shared-name");

        Assert.Null((await LoadAsync(theirs)).Head);
        Assert.False((await Store.DeleteAsync(theirs, ours.Now, None)).Receipt.Existed);
        Assert.Equal(2, (await LoadAsync(ours.Key)).Head!.Version);
    }

    [Fact]
    public async Task Store_answers_a_ping() => await Store.PingAsync(None);
}
