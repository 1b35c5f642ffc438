using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

public abstract partial class ConversationBehaviour
{
    [Fact]
    public async Task A_deletion_that_is_repeated_spares_a_conversation_that_began_meanwhile()
    {
        IConversationGrain conversation = NewConversation();
        await conversation.CommitAsync(Messages.Turn("1", Messages.User("old")));
        Head seen = (await conversation.GetHeadAsync())!;
        var request = new DeleteRequest { ExpectedVersion = seen.Version, ExpectedLife = seen.CreatedAt };
        Assert.True((await conversation.DeleteAsync(request)).Existed);
        Assert.False((await conversation.DeleteAsync(request)).Existed);

        Clock.Advance(TimeSpan.FromSeconds(1));
        await conversation.CommitAsync(Messages.Turn("2", Messages.User("young")));
        Assert.Equal(new DeleteReceipt { Existed = false }, await conversation.DeleteAsync(request));
        Assert.Equal([Messages.Text("young")], Texts(await AllAsync(conversation)));
    }

    [Fact]
    public async Task A_deletion_that_expects_another_version_is_a_conflict()
    {
        IConversationGrain conversation = NewConversation();
        await FillAsync(conversation, 2, perTurn: 1);
        var conflict = await Assert.ThrowsAsync<VersionConflictException>(() =>
            conversation.DeleteAsync(new DeleteRequest { ExpectedVersion = 1 })
        );
        Assert.Equal((1L, 2L), (conflict.ExpectedVersion, conflict.ActualVersion));
        await Assert.ThrowsAsync<VersionConflictException>(() => conversation.DeleteAsync(new DeleteRequest { ExpectedVersion = 0 }));
        Assert.Equal(2, (await AllAsync(conversation)).Count);
        Assert.Equal(
            "expectedVersion",
            (
                await Assert.ThrowsAsync<InvalidRequestException>(() =>
                    conversation.DeleteAsync(new DeleteRequest { ExpectedVersion = -1 })
                )
            ).Parameter
        );

        Assert.Equal(2, (await conversation.DeleteAsync(new DeleteRequest { ExpectedVersion = 2 })).Messages);
        Assert.False((await conversation.DeleteAsync(new DeleteRequest { ExpectedVersion = 2 })).Existed);
        Assert.Null(await conversation.GetHeadAsync());
    }
}
