using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

// A deletion that names what its caller saw removes that, or nothing.
public abstract partial class ConversationLifeContract
{
    [Fact]
    public async Task A_deletion_that_expects_what_is_there_removes_it()
    {
        WrittenConversation conversation = await OpenAsync("expected");
        await WriteAsync(conversation, conversation.Turn("1", "one"));
        await WriteAsync(conversation, conversation.Turn("2", "two"));
        Head head = (await LoadAsync(conversation.Key)).Head!;

        DeleteResult result = await Store.DeleteAsync(new DeleteCommit(conversation.Key, conversation.Now, 2, head.CreatedAt), None);

        Assert.Equal(
            (
                new DeleteReceipt
                {
                    Existed = true,
                    Messages = 2,
                    Turns = 2,
                },
                null
            ),
            (result.Receipt, result.ActualVersion)
        );
        Assert.Null((await LoadAsync(conversation.Key)).Head);
    }

    [Fact]
    public async Task A_deletion_that_expects_another_version_removes_nothing_and_tells_the_version()
    {
        WrittenConversation conversation = await OpenAsync("moved");
        await WriteAsync(conversation, conversation.Turn("1", "one"));
        await WriteAsync(conversation, conversation.Turn("2", "two"));
        foreach (long version in (long[])[0, 1, 3])
        {
            DeleteResult result = await Store.DeleteAsync(new DeleteCommit(conversation.Key, conversation.Now, version), None);
            Assert.Equal((NothingDeleted, 2L), (result.Receipt, result.ActualVersion));
        }

        Assert.Equal(2, (await LoadAsync(conversation.Key)).Tail.Length);
    }

    [Fact]
    public async Task A_deletion_that_comes_again_leaves_a_new_life_alone()
    {
        WrittenConversation old = await OpenAsync("again");
        await WriteAsync(old, old.Turn("1", "old"));
        DateTimeOffset life = (await LoadAsync(old.Key)).Head!.CreatedAt;
        var deletion = new DeleteCommit(old.Key, old.Now, ExpectedLife: life);
        Assert.True((await Store.DeleteAsync(deletion, None)).Receipt.Existed);
        Assert.Equal((NothingDeleted, null), Answer(await Store.DeleteAsync(deletion, None)));

        // The new life is at the version that the old one had; it began a minute later.
        WrittenConversation young = await OpenAsync("again");
        TurnCommit first = young.Turn("1", "young");
        await WriteAsync(young, first with { At = first.At.AddMinutes(1) });
        Assert.Equal((NothingDeleted, null), Answer(await Store.DeleteAsync(deletion, None)));
        Assert.Equal((NothingDeleted, null), Answer(await Store.DeleteAsync(deletion with { ExpectedVersion = 1 }, None)));
        Assert.Single((await LoadAsync(young.Key)).Tail);
    }

    [Fact]
    public async Task A_deletion_that_expects_something_where_nothing_is_changes_nothing()
    {
        WrittenConversation gone = await OpenAsync("gone");
        await WriteAsync(gone, gone.Turn("1", "one") with { ExpiresAt = WrittenConversation.Start.AddMinutes(5) });
        DateTimeOffset after = WrittenConversation.Start.AddMinutes(6);

        // An expired life does not exist; its rows stay until somebody who expects nothing, or the wheel, takes them.
        Assert.Equal((NothingDeleted, null), Answer(await Store.DeleteAsync(new DeleteCommit(gone.Key, after, 1), None)));
        DeleteResult leftovers = await Store.DeleteAsync(new DeleteCommit(gone.Key, after, 0), None);
        Assert.Equal((false, 1L), (leftovers.Receipt.Existed, leftovers.Receipt.Messages));
        Assert.Equal((NothingDeleted, null), Answer(await Store.DeleteAsync(new DeleteCommit(Key("never"), after, 7), None)));
    }

    private static (DeleteReceipt Receipt, long? ActualVersion) Answer(DeleteResult result) => (result.Receipt, result.ActualVersion);
}
