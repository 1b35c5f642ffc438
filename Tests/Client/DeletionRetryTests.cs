using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client;

/// <summary>A deletion whose answer was lost is sent again, and must not delete what has begun under the same id meanwhile.</summary>
public sealed class DeletionRetryTests
{
    [Fact]
    public async Task Every_attempt_names_the_conversation_that_was_there_before_the_first()
    {
        await using GrainHost host = await GrainHost.InMemoryAsync();
        Conversation real = Clients.Of(host).Get("c");
        await real.SetEntryAsync("s", "k", "1");
        Head head = (await real.GetHeadAsync())!;
        GrainScript grain = GrainScript
            .Make()
            .Returns<Head?>(nameof(IConversationGrain.GetHeadAsync), head)
            .Fails<DeleteReceipt>(nameof(IConversationGrain.DeleteAsync), new TimeoutException())
            .Returns(nameof(IConversationGrain.DeleteAsync), new DeleteReceipt { Existed = false });

        Assert.False((await grain.Client(new ImpatientClock()).Get("c").DeleteAsync()).Existed);

        Assert.Equal(
            [new DeleteRequest { ExpectedLife = head.CreatedAt }, new DeleteRequest { ExpectedLife = head.CreatedAt }],
            grain
                .Calls.Where(call => call.Method == nameof(IConversationGrain.DeleteAsync))
                .Select(call => (DeleteRequest)call.Arguments[0]!)
        );
    }

    [Fact]
    public async Task What_begins_after_nothing_was_there_is_left_alone()
    {
        GrainScript grain = GrainScript
            .Make()
            .Returns<Head?>(nameof(IConversationGrain.GetHeadAsync), null)
            .Fails<DeleteReceipt>(nameof(IConversationGrain.DeleteAsync), new VersionConflictException(0, 1));
        Conversation conversation = grain.Client().Get("c");

        Assert.Equal(new DeleteReceipt { Existed = false }, await conversation.DeleteAsync());
        Assert.Equal(new DeleteRequest { ExpectedVersion = 0 }, grain.Calls[^1].Arguments[0]);
        await Assert.ThrowsAsync<VersionConflictException>(() => conversation.DeleteAsync(new DeleteRequest { ExpectedVersion = 0 }));
    }
}
