using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

/// <summary>What is deleted or replaced leaves nothing to its successor, and its forks keep what is theirs.</summary>
public abstract partial class ConversationLifeContract(StoreFixture fixture) : ConversationStoreContract(fixture)
{
    private static readonly DeleteReceipt NothingDeleted = new() { Existed = false };

    [Fact]
    public async Task Deleting_removes_everything_and_tells_how_much()
    {
        WrittenConversation conversation = await OpenAsync("deleted");
        await WriteAsync(conversation, Everything(conversation));
        await WriteAsync(conversation, conversation.Turn("deleted-2", "three"));
        Lineage lineage = (await LoadAsync(conversation.Key)).Lineage;

        DeleteResult result = await Store.DeleteAsync(conversation.Key, conversation.Now, None);

        Assert.Equal(
            new DeleteReceipt
            {
                Existed = true,
                Messages = 3,
                Entries = 2,
                Turns = 2,
            },
            result.Receipt
        );
        Assert.Empty(result.CutForks);
        StoredConversation after = await LoadAsync(conversation.Key);
        Assert.Null(after.Head);
        Assert.NotEqual(conversation.StoreId, after.StoreId);
        Assert.Empty(await Store.ReadMessagesAsync(lineage, All(), None));
        Assert.Null(await Store.FindTurnAsync(conversation.StoreId, "deleted-2", None));
    }

    [Fact]
    public async Task Deleting_what_is_not_there_removes_nothing()
    {
        DeleteResult result = await Store.DeleteAsync(Key("never"), WrittenConversation.Start, None);

        Assert.Equal(NothingDeleted, result.Receipt);
        Assert.Empty(result.CutForks);
    }

    [Fact]
    public async Task New_life_after_a_deletion_has_nothing_of_the_old_one()
    {
        WrittenConversation old = await OpenAsync("reborn");
        await WriteAsync(old, Everything(old));
        await Store.DeleteAsync(old.Key, old.Now, None);
        WrittenConversation young = await OpenAsync("reborn");

        TurnReceipt receipt = await WriteAsync(young, young.Turn("everything", "the old life's turn id is free"));

        Assert.Equal(
            new TurnReceipt
            {
                Version = 1,
                FirstSequence = 1,
                LastSequence = 1,
            },
            receipt
        );
        StoredConversation stored = await LoadAsync(young.Key);
        Assert.NotEqual(old.StoreId, stored.StoreId);
        Assert.Empty(stored.Entries);
        Assert.Equal(ConversationSettings.Empty, stored.Head!.Settings);
        Assert.Single(stored.Tail);
    }

    [Fact]
    public async Task New_life_replaces_an_expired_one_and_has_nothing_of_it()
    {
        await SweepAllAsync();
        WrittenConversation old = await OpenAsync("expired");
        await WriteAsync(old, Everything(old) with { ExpiresAt = WrittenConversation.Start.AddHours(1) });
        WrittenConversation young = await NewLifeAsync(old, at: WrittenConversation.Start.AddHours(1));

        StoredConversation stored = await LoadAsync(young.Key);
        Assert.Equal((young.StoreId, 1), (stored.StoreId, stored.Head!.Version));
        Assert.Equal(WrittenConversation.Start.AddHours(1), stored.Head.CreatedAt);
        Assert.Empty(stored.Entries);
        Assert.Equal("new life", stored.Tail.Single().Author);
        Assert.Equal(ConversationSettings.Empty, stored.Head.Settings);
        Assert.Null(await Store.FindTurnAsync(young.StoreId, "everything", None));

        CommitResult old2 = await Store.CommitAsync(old.Turn("late", "text"), None);
        Assert.Equal(CommitStatus.Lost, old2.Status);
        SweepResult swept = await Store.SweepAsync(new Sweep(default, default, 100), None);
        Assert.Equal(new SweepResult(0, 0, 2, 1), swept);
        Assert.Empty(await ReadSequencesAsync(Lineage.Own(Tenant, old.StoreId), All()));
        Assert.Single((await LoadAsync(young.Key)).Tail);
    }

    [Theory]
    [InlineData(2, 60)]
    [InlineData(1, 59)]
    public async Task Expired_life_that_was_touched_or_is_not_expired_at_that_instant_is_not_replaced(long versionSeen, int minutes)
    {
        WrittenConversation old = await OpenAsync("touched");
        await WriteAsync(old, Everything(old) with { ExpiresAt = WrittenConversation.Start.AddHours(1) });
        StoredConversation before = await LoadAsync(old.Key);
        WrittenConversation young = await OpenAsync("touched");
        young.StoreId = await Store.ReserveStoreIdAsync(None);
        (young.Version, young.LastSequence, young.Replaces) = (0, 0, new ExpiredLife(old.StoreId, versionSeen));

        CommitResult result = await Store.CommitAsync(
            young.Turn("new", "text") with
            {
                At = WrittenConversation.Start.AddMinutes(minutes),
            },
            None
        );

        Assert.Equal(new CommitResult(CommitStatus.Lost, null), result);
        await AssertUnchangedAsync(before);
    }

    [Fact]
    public async Task First_turn_that_does_not_replace_a_life_that_is_there_is_lost()
    {
        WrittenConversation old = await OpenAsync("occupied");
        await WriteAsync(old, Everything(old) with { ExpiresAt = WrittenConversation.Start });
        StoredConversation before = await LoadAsync(old.Key);
        WrittenConversation young = await OpenAsync("occupied");
        (young.StoreId, young.Version, young.LastSequence) = (await Store.ReserveStoreIdAsync(None), 0, 0);

        Assert.Equal(CommitStatus.Lost, (await Store.CommitAsync(young.Turn("new", "text"), None)).Status);
        await AssertUnchangedAsync(before);
    }

    [Fact]
    public async Task Deleting_takes_replaced_lives_with_it()
    {
        WrittenConversation old = await OpenAsync("twice");
        await WriteAsync(old, Everything(old) with { ExpiresAt = WrittenConversation.Start });
        WrittenConversation young = await NewLifeAsync(old, at: WrittenConversation.Start);

        await Store.DeleteAsync(young.Key, young.Now, None);

        Assert.Empty(await ReadSequencesAsync(Lineage.Own(Tenant, old.StoreId), All()));
        Assert.Empty(await ReadSequencesAsync(Lineage.Own(Tenant, young.StoreId), All()));
        Assert.Null((await LoadAsync(young.Key)).Head);
    }

    [Fact]
    public async Task Deleting_cuts_forks_and_their_forks_off_from_what_they_shared()
    {
        WrittenConversation root = await WriteNewAsync("root", turns: 4);
        await Store.ForkAsync(root.Fork(Key("child"), 3), None);
        WrittenConversation child = await OpenAsync("child");
        await WriteAsync(child, child.Turn("child-turn", "four", "five"));
        await Store.ForkAsync(child.Fork(Key("grandchild"), 4), None);
        await Store.ForkAsync(child.Fork(Key("early-grandchild"), 2), None);
        await WriteNewAsync("bystander", turns: 1);

        DeleteResult result = await Store.CutAsync(root.Key, root.Now, None);

        Assert.Equal(
            new DeleteReceipt
            {
                Existed = true,
                Messages = 4,
                Turns = 4,
                ForksCut = 3,
            },
            result.Receipt
        );
        Assert.Equal(
            new[] { "child", "early-grandchild", "grandchild" },
            result.CutForks.Select(key => key.Id).Order(StringComparer.Ordinal)
        );
        await AssertLogAsync("child", version: 3, first: 4, last: 5, origin: null, updated: root.Now);
        await AssertLogAsync("grandchild", version: 2, first: 4, last: 4, origin: "child", updated: child.Now);
        await AssertLogAsync("early-grandchild", version: 2, first: 3, last: 2, origin: "child", updated: child.Now);
        Assert.Equal(1, (await LoadAsync(Key("bystander"))).Head!.Version);

        CommitResult stale = await Store.CommitAsync(child.Turn("child-stale", "decided before the cut"), None);
        Assert.Equal(CommitStatus.Lost, stale.Status);
    }

    [Fact]
    public async Task Deleting_a_fork_in_the_middle_leaves_its_parent_alone_and_cuts_its_forks()
    {
        WrittenConversation root = await WriteNewAsync("root", turns: 3);
        await Store.ForkAsync(root.Fork(Key("middle"), 3), None);
        WrittenConversation middle = await OpenAsync("middle");
        await WriteAsync(middle, middle.Turn("middle-turn", "four"));
        await Store.ForkAsync(middle.Fork(Key("leaf"), 4), None);
        WrittenConversation leaf = await OpenAsync("leaf");
        await WriteAsync(leaf, leaf.Turn("leaf-turn", "five"));
        StoredConversation before = await LoadAsync(root.Key);

        DeleteResult result = await Store.CutAsync(middle.Key, root.Now, None);

        Assert.Equal(
            new DeleteReceipt
            {
                Existed = true,
                Messages = 1,
                Turns = 1,
                ForksCut = 1,
            },
            result.Receipt
        );
        await AssertUnchangedAsync(before);
        await AssertLogAsync("leaf", version: 3, first: 5, last: 5, origin: null, updated: middle.Now);
    }

    [Fact]
    public async Task Fork_of_a_replaced_life_still_reads_it_and_keeps_it_from_being_swept()
    {
        await SweepAllAsync();
        WrittenConversation old = await WriteNewAsync("expired", turns: 3);
        await WriteAsync(old, old.Turn("expiring") with { ExpiresAt = WrittenConversation.Start.AddHours(1) });
        await Store.ForkAsync(old.Fork(Key("fork"), 2), None);
        WrittenConversation young = await NewLifeAsync(old, at: WrittenConversation.Start.AddHours(1));

        Assert.Equal(default, await Store.SweepAsync(new Sweep(default, default, 100), None));
        StoredConversation fork = await LoadAsync(Key("fork"));
        Assert.Equal([1, 2], fork.Tail.Select(message => message.Sequence));

        DeleteResult result = await Store.CutAsync(young.Key, young.Now, None);
        Assert.Equal(["fork"], result.CutForks.Select(key => key.Id));
        await AssertLogAsync("fork", version: 2, first: 3, last: 2, origin: null, updated: old.Now);
    }

    [Fact]
    public async Task Sweep_counts_truncated_messages_and_those_of_replaced_lives_towards_one_limit()
    {
        await SweepAllAsync();
        WrittenConversation old = await WriteNewAsync("replaced", turns: 5);
        await WriteAsync(old, old.Turn("expiring") with { ExpiresAt = WrittenConversation.Start });
        await NewLifeAsync(old, at: WrittenConversation.Start.AddHours(1));
        WrittenConversation truncated = await WriteNewAsync("truncated", turns: 3);
        await WriteAsync(truncated, truncated.Truncation("clear", keepLast: 0));

        var swept = new List<SweepResult>();
        while (swept.Count == 0 || swept[^1] != default)
        {
            swept.Add(await Store.SweepAsync(new Sweep(default, default, 4), None));
        }

        Assert.All(swept, step => Assert.InRange(step.Messages, 0, 4));
        Assert.Equal((8, 1), (swept.Sum(step => step.Messages), swept.Sum(step => step.Lives)));
    }

    private async Task AssertLogAsync(string id, long version, long first, long last, string? origin, DateTimeOffset updated)
    {
        StoredConversation stored = await LoadAsync(Key(id));
        Head head = stored.Head!;
        Assert.Equal(
            (version, first, last, origin, updated),
            (head.Version, head.FirstSequence, head.LastSequence, head.Origin?.Id, head.UpdatedAt)
        );
        Assert.Equal(Range(first, last), stored.Tail.Select(message => message.Sequence));
        Assert.Equal(Range(first, last), await ReadSequencesAsync(stored.Lineage, All()));
    }
}
