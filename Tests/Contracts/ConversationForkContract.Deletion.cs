using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

// A log lives for as long as a fork reads from it, and no longer; an entry that a fork has copied remembers whose it is.
public abstract partial class ConversationForkContract
{
    private static readonly DateTimeOffset Fence = WrittenConversation.Start.AddYears(1);

    [Fact]
    public async Task Deleting_a_parent_leaves_its_forks_whole_and_removes_what_only_it_shows()
    {
        WrittenConversation parent = await WriteNewAsync("parent", turns: 5);
        await WriteAsync(parent, parent.Turn("entries") with { EntryWrites = [Entry("a", "1"), Entry("b", "2")] });
        await Store.ForkAsync(parent.Fork(Key("child"), 3), None);
        StoredConversation before = await LoadAsync(Key("child"));

        DeleteResult result = await Store.DeleteAsync(parent.Key, parent.Now, None);

        Assert.Equal(
            new DeleteReceipt
            {
                Existed = true,
                Messages = 2,
                Entries = 2,
                Turns = 6,
            },
            result.Receipt
        );
        Assert.Empty(result.CutForks);
        Assert.Null((await LoadAsync(parent.Key)).Head);
        AssertSequences([1, 2, 3], await ReadSequencesAsync(Lineage.Own(Tenant, parent.StoreId), All()));
        StoredConversation after = await LoadAsync(Key("child"));
        Assert.Equal(before.Head! with { Origin = null }, after.Head);
        Assert.Equal(before.Tail, after.Tail.AsEnumerable());
        Assert.Equal(before.Entries, after.Entries.AsEnumerable());
        WrittenConversation child = await OpenAsync("child");
        await WriteAsync(child, child.Turn("child-turn", "four"));
        AssertSequences([1, 2, 3, 4], (await LoadAsync(child.Key)).Tail.Select(message => message.Sequence));
    }

    [Fact]
    public async Task The_id_of_a_deleted_parent_is_free()
    {
        WrittenConversation parent = await WriteNewAsync("parent", turns: 2);
        await Store.ForkAsync(parent.Fork(Key("child"), 2), None);
        await Store.DeleteAsync(parent.Key, parent.Now, None);

        WrittenConversation second = await OpenAsync("parent");
        await WriteAsync(second, second.Turn("second-life", "another"));
        await Store.DeleteAsync(second.Key, second.Now, None);

        AssertSequences([1, 2], (await LoadAsync(Key("child"))).Tail.Select(message => message.Sequence));
        Assert.Null((await LoadAsync(parent.Key)).Head);
    }

    [Fact]
    public async Task A_log_goes_with_the_last_fork_that_reads_it_and_is_cut_to_what_the_others_read()
    {
        WrittenConversation parent = await WriteNewAsync("parent", turns: 6);
        await Store.ForkAsync(parent.Fork(Key("short"), 2), None);
        await Store.ForkAsync(parent.Fork(Key("long"), 5), None);
        await Store.DeleteAsync(parent.Key, parent.Now, None);
        AssertSequences(Range(1, 5), await ReadSequencesAsync(Lineage.Own(Tenant, parent.StoreId), All()));

        await Store.DeleteAsync(Key("long"), parent.Now, None);
        AssertSequences([1, 2], await ReadSequencesAsync(Lineage.Own(Tenant, parent.StoreId), All()));
        AssertSequences([1, 2], (await LoadAsync(Key("short"))).Tail.Select(message => message.Sequence));

        await Store.DeleteAsync(Key("short"), parent.Now, None);
        Assert.Empty(await ReadSequencesAsync(Lineage.Own(Tenant, parent.StoreId), All()));
    }

    [Fact]
    public async Task A_line_of_deleted_lives_goes_with_its_last_reader()
    {
        WrittenConversation root = await WriteNewAsync("root", turns: 4);
        await Store.ForkAsync(root.Fork(Key("middle"), 4), None);
        WrittenConversation middle = await OpenAsync("middle");
        await WriteAsync(middle, middle.Turn("middle-turn", "five", "six"));
        await Store.ForkAsync(middle.Fork(Key("leaf"), 3), None);
        await Store.ForkAsync(middle.Fork(Key("long-leaf"), 5), None);

        await Store.DeleteAsync(root.Key, root.Now, None);
        await Store.DeleteAsync(middle.Key, root.Now, None);
        AssertSequences([5], await ReadSequencesAsync(Lineage.Own(Tenant, middle.StoreId), All()));
        AssertSequences([1, 2, 3, 4, 5], (await LoadAsync(Key("long-leaf"))).Tail.Select(message => message.Sequence));

        await Store.DeleteAsync(Key("long-leaf"), root.Now, None);
        Assert.Empty(await ReadSequencesAsync(Lineage.Own(Tenant, middle.StoreId), All()));
        AssertSequences([1, 2, 3], await ReadSequencesAsync(Lineage.Own(Tenant, root.StoreId), All()));
        AssertSequences([1, 2, 3], (await LoadAsync(Key("leaf"))).Tail.Select(message => message.Sequence));

        await Store.DeleteAsync(Key("leaf"), root.Now, None);
        Assert.Empty(await ReadSequencesAsync(Lineage.Own(Tenant, root.StoreId), All()));
    }

    [Fact]
    public async Task What_a_deletion_kept_for_forks_is_cut_by_a_second_one()
    {
        WrittenConversation parent = await WriteNewAsync("parent", turns: 3);
        await Store.ForkAsync(parent.Fork(Key("child"), 3), None);
        await Store.DeleteAsync(parent.Key, parent.Now, None);

        DeleteResult cut = await Store.CutAsync(parent.Key, parent.Now, None);

        Assert.Equal(
            new DeleteReceipt
            {
                Existed = false,
                Messages = 3,
                ForksCut = 1,
            },
            cut.Receipt
        );
        Assert.Equal([Key("child")], cut.CutForks.AsEnumerable());
        Assert.Empty((await LoadAsync(Key("child"))).Tail);
    }

    [Fact]
    public async Task What_a_deletion_kept_for_forks_goes_with_its_user()
    {
        WrittenConversation parent = await WriteNewAsync("parent", turns: 3);
        await WriteAsync(
            parent,
            parent.Turn("names") with
            {
                Settings = new() { UserId = "u" },
                EntryWrites = [Entry("a", "1"), Entry("b", "2"), Entry("c", "3")],
            }
        );
        await Store.ForkAsync(parent.Fork(Key("child"), 3), None);
        WrittenConversation child = await OpenAsync("child");
        await WriteAsync(
            child,
            child.Turn("takes-over", "four") with
            {
                Settings = new() { UserId = "v" },
                EntryWrites = [Entry("b", "2"), Entry("d", "4")],
            }
        );
        await Store.ForkAsync(child.Fork(Key("grandchild"), 4), None);
        await Store.DeleteAsync(parent.Key, parent.Now, None);

        UserErasureStep step = await Store.EraseUserAsync(new UserErasure(User("u"), Fence, 100), None);

        Assert.Equal((1, 3L, 4L), (step.Lives, step.Messages, step.Entries));
        Assert.Equal(["child", "grandchild"], step.CutForks.Select(key => key.Id).Order(StringComparer.Ordinal));
        Assert.Equal([Entry("b", "2"), Entry("d", "4")], (await LoadAsync(Key("child"))).Entries.AsEnumerable());
        Assert.Equal([Entry("b", "2"), Entry("d", "4")], (await LoadAsync(Key("grandchild"))).Entries.AsEnumerable());
        AssertSequences([4], (await LoadAsync(Key("grandchild"))).Tail.Select(message => message.Sequence));
    }

    [Fact]
    public async Task Entries_of_an_erased_user_go_from_forks_and_what_these_wrote_or_had_from_others_stays()
    {
        WrittenConversation bobs = await WriteNewAsync("bobs", turns: 1);
        await WriteAsync(
            bobs,
            bobs.Turn("bob") with
            {
                Settings = new() { UserId = "bob" },
                EntryWrites = [Entry("bobs", "1")],
            }
        );
        await Store.ForkAsync(bobs.Fork(Key("adas"), 1), None);
        WrittenConversation adas = await OpenAsync("adas");
        await WriteAsync(
            adas,
            adas.Turn("ada") with
            {
                Settings = new() { UserId = "ada" },
                EntryWrites = [Entry("adas", "2"), Entry("same", "3"), Entry("deleted", "4")],
            }
        );
        await Store.ForkAsync(adas.Fork(Key("carols"), 1), None);
        WrittenConversation carols = await OpenAsync("carols");
        await WriteAsync(
            carols,
            carols.Turn("carol") with
            {
                Settings = new() { UserId = "carol" },
                EntryWrites = [Entry("same", "3"), Entry("own", "5")],
                EntryDeletes = [new EntryName("s", "deleted")],
            }
        );

        UserErasureStep step = await Store.EraseUserAsync(new UserErasure(User("bob"), Fence, 100), None);

        // Of Ada's and of Carol's the entry that was Bob's.
        Assert.Equal(3, step.Entries);
        Assert.Equal([Entry("adas", "2"), Entry("deleted", "4"), Entry("same", "3")], (await LoadAsync(adas.Key)).Entries.AsEnumerable());
        Assert.Equal([Entry("adas", "2"), Entry("own", "5"), Entry("same", "3")], (await LoadAsync(carols.Key)).Entries.AsEnumerable());

        await Store.EraseUserAsync(new UserErasure(User("ada"), Fence, 100), None);
        Assert.Equal([Entry("own", "5"), Entry("same", "3")], (await LoadAsync(carols.Key)).Entries.AsEnumerable());
    }

    [Fact]
    public async Task Fork_of_a_fork_keeps_a_log_that_a_race_between_deletions_leaves()
    {
        for (int round = 0; round < Rounds; round++)
        {
            WrittenConversation parent = await WriteNewAsync($"parent-{round}", turns: 3);
            await Store.ForkAsync(parent.Fork(Key($"one-{round}"), 3), None);
            await Store.ForkAsync(parent.Fork(Key($"two-{round}"), 2), None);

            await Task.WhenAll(
                Task.Run(() => Store.DeleteAsync(parent.Key, parent.Now, None)),
                Task.Run(() => Store.DeleteAsync(Key($"one-{round}"), parent.Now, None))
            );

            Assert.Null((await LoadAsync(parent.Key)).Head);
            AssertSequences([1, 2], (await LoadAsync(Key($"two-{round}"))).Tail.Select(message => message.Sequence));
            await Store.DeleteAsync(Key($"two-{round}"), parent.Now, None);
            await SweepAllAsync();
            Assert.Empty(await ReadSequencesAsync(Lineage.Own(Tenant, parent.StoreId), All()));
        }
    }

    private static Entry Entry(string key, string value) =>
        new()
        {
            Space = "s",
            Key = key,
            Value = value,
        };
}
