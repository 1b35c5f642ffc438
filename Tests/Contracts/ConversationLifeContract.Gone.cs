using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

// What was deleted or erased does not come back under the ids of its turns.
public abstract partial class ConversationLifeContract
{
    [Fact]
    public async Task Turns_of_a_deleted_conversation_are_gone_and_others_are_not()
    {
        WrittenConversation one = await WriteNewAsync("one", turns: 3);
        await WriteNewAsync("two", turns: 1);
        Assert.False((await LoadAsync(one.Key)).HasGoneTurns);

        await Store.DeleteAsync(one.Key, one.Now, None);

        Assert.True((await LoadAsync(one.Key)).HasGoneTurns);
        Assert.False((await LoadAsync(Key("two"))).HasGoneTurns);
        Assert.True(await Store.IsLifeGoneAsync(one.Key, one.StoreId, None));
        Assert.False(await Store.IsLifeGoneAsync(one.Key, one.StoreId + 1, None));
        Assert.False(await Store.IsLifeGoneAsync(Key("two"), one.StoreId, None));
        Assert.True(await Store.IsGoneAsync(one.Key, "one-1", None));
        Assert.True(await Store.IsGoneAsync(one.Key, "one-3", None));
        Assert.False(await Store.IsGoneAsync(one.Key, "one-4", None));
        Assert.False(await Store.IsGoneAsync(Key("two"), "one-1", None));
        Assert.False(await Store.IsGoneAsync(ConversationKey.Create(Tenant + "x", "one"), "one-1", None));
    }

    [Fact]
    public async Task Turns_of_an_erased_user_are_gone_and_those_of_conversations_that_were_cut_are_not()
    {
        WrittenConversation parent = await WriteOwnedAsync("parent", "u", turns: 2);
        await Store.ForkAsync(parent.Fork(Key("given"), 2), None);
        WrittenConversation given = await OpenAsync("given");
        await WriteAsync(given, given.Turn("takes-over", "three") with { Settings = new() { UserId = "v" } });

        await EraseAsync("u");

        Assert.True(await Store.IsGoneAsync(parent.Key, "parent-1", None));
        Assert.True(await Store.IsGoneAsync(parent.Key, "parent-2", None));
        Assert.False((await LoadAsync(given.Key)).HasGoneTurns);
    }

    [Fact]
    public async Task Turns_of_a_conversation_that_expired_are_not_gone()
    {
        WrittenConversation old = await OpenAsync("old");
        await WriteAsync(old, Everything(old) with { ExpiresAt = WrittenConversation.Start });
        await Store.ExpireAsync(old.StoreId, WrittenConversation.Start, None);

        StoredConversation after = await LoadAsync(old.Key);

        Assert.False(after.HasGoneTurns);
        Assert.False(await Store.IsLifeGoneAsync(old.Key, old.StoreId, None));
        Assert.False(await Store.IsGoneAsync(old.Key, "everything", None));
    }

    [Fact]
    public async Task A_life_begins_only_where_its_writer_knows_of_what_is_gone()
    {
        WrittenConversation stale = await OpenAsync("again");
        WrittenConversation first = await WriteNewAsync("again", turns: 1);
        await Store.DeleteAsync(first.Key, first.Now, None);

        Assert.Equal(new CommitResult(CommitStatus.Lost, null), await Store.CommitAsync(stale.Turn("new", "text"), None));

        WrittenConversation knows = await OpenAsync("again");
        await WriteAsync(knows, knows.Turn("new", "text"));
        await WriteAsync(knows, knows.Turn("newer", "text"));
        Assert.True((await LoadAsync(first.Key)).HasGoneTurns);
    }

    [Fact]
    public async Task A_turn_that_was_on_its_way_can_be_marked_and_twice()
    {
        await Store.MarkGoneAsync(Key("marked"), "on its way", WrittenConversation.Start, None);
        await Store.MarkGoneAsync(Key("marked"), "on its way", WrittenConversation.Start, None);

        Assert.True((await LoadAsync(Key("marked"))).HasGoneTurns);
        Assert.True(await Store.IsGoneAsync(Key("marked"), "on its way", None));
    }

    [Fact]
    public async Task What_is_gone_is_kept_for_the_window_from_the_deletion_on()
    {
        await SweepAllAsync();
        WrittenConversation one = await WriteNewAsync("one", turns: 2);
        DateTimeOffset deleted = WrittenConversation.Start.AddDays(3);
        await Store.DeleteAsync(one.Key, deleted, None);

        await Store.SweepAsync(new Sweep(deleted, default, 100), None);
        Assert.True(await Store.IsGoneAsync(one.Key, "one-1", None));

        // Both turns, and the life itself.
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(1, (await Store.SweepAsync(new Sweep(deleted + Tick, default, 1), None)).Turns);
        }

        Assert.False(await Store.IsLifeGoneAsync(one.Key, one.StoreId, None));
        Assert.False(await Store.IsGoneAsync(one.Key, "one-1", None));
        Assert.False((await LoadAsync(one.Key)).HasGoneTurns);
    }

    [Fact]
    public async Task A_key_that_was_deleted_again_and_again_keeps_all_its_turns_gone()
    {
        for (int life = 1; life <= 3; life++)
        {
            WrittenConversation conversation = await OpenAsync("again");
            await WriteAsync(conversation, conversation.Turn($"life-{life}", "text"));
            await Store.DeleteAsync(conversation.Key, conversation.Now, None);
        }

        for (int life = 1; life <= 3; life++)
        {
            Assert.True(await Store.IsGoneAsync(Key("again"), $"life-{life}", None));
        }
    }
}
