using OrleansMemory.Grains.Storage;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

public abstract partial class ConversationReadContract
{
    [Fact]
    public async Task Of_several_messages_of_one_id_the_newest_of_the_range_is_found()
    {
        WrittenConversation parent = await OpenAsync("same-ids");
        await WriteAsync(parent, parent.Turn("1", [Same(1, "a"), Same(2, "b"), Same(3, "a")]));
        await Store.ForkAsync(parent.Fork(Key("same-ids-child"), 3), None);
        WrittenConversation child = await OpenAsync("same-ids-child");
        await WriteAsync(child, child.Turn("2", [Same(4, "a")]));
        Lineage lineage = (await LoadAsync(child.Key)).Lineage;

        Assert.Equal([("a", 4L), ("b", 2L)], await FindAsync(1, long.MaxValue));
        Assert.Equal([("a", 3L), ("b", 2L)], await FindAsync(1, 3));
        Assert.Equal([("a", 1L), ("b", 2L)], await FindAsync(1, 2));

        async Task<IEnumerable<(string, long)>> FindAsync(long first, long last) =>
            (await Store.FindMessageIdsAsync(lineage, first, last, ["a", "b"], None)).Select(found => (found.Key, found.Value)).Order();

        static MessageRow Same(long sequence, string id)
        {
            MessageRow row = WrittenConversation.Row(sequence, "x");
            return row with { Message = row.Message with { Id = id } };
        }
    }

    [Fact]
    public async Task Message_ids_are_found_within_their_range_and_through_parents_only()
    {
        WrittenConversation parent = await WriteNewAsync("ids", turns: 4);
        await Store.ForkAsync(parent.Fork(Key("ids-child"), 2), None);
        WrittenConversation child = await OpenAsync("ids-child");
        await WriteAsync(
            child,
            child.Turn(
                "child",
                [WrittenConversation.Row(3, "x") with { Message = WrittenConversation.Row(3, "x").Message with { Id = "own 'id" } }]
            )
        );
        Lineage lineage = (await LoadAsync(parent.Key)).Lineage;
        Lineage forked = (await LoadAsync(child.Key)).Lineage;
        string[] ids = ["msg-1", "msg-2", "msg-3", "msg-4", "msg-5", "MSG-1", "own 'id"];

        Assert.Equal(["msg-1", "msg-2", "msg-3", "msg-4"], await FindAsync(lineage, 1, long.MaxValue));
        Assert.Equal(["msg-2", "msg-3"], await FindAsync(lineage, 2, 3));
        Assert.Empty(await FindAsync(lineage, 3, 2));
        Assert.Equal(["msg-1", "msg-2", "own 'id"], await FindAsync(forked, 1, long.MaxValue));
        Assert.Equal(["own 'id"], await FindAsync(forked, 3, 3));
        await WriteAsync(parent, parent.Turn("five", "5"));
        Assert.Equal(["msg-5"], await FindAsync(lineage, 5, 5));
        Assert.Empty(await Store.FindMessageIdsAsync(lineage, 1, long.MaxValue, [], None));

        async Task<IEnumerable<string>> FindAsync(Lineage of, long first, long last) =>
            (await Store.FindMessageIdsAsync(of, first, last, ids, None)).Keys.Order(StringComparer.Ordinal);
    }
}
