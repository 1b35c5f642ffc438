using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

public abstract partial class ConversationBehaviour
{
    [Fact]
    public async Task A_committed_turn_is_found_by_its_id_and_nothing_else_is()
    {
        IConversationGrain conversation = NewConversation();
        Assert.Null(await conversation.GetTurnAsync("t"));
        await conversation.CommitAsync(Messages.Turn("t", Messages.User("1"), Messages.Assistant("2")));
        await conversation.CommitAsync(
            new Turn
            {
                TurnId = "entry",
                EntryWrites =
                [
                    new EntryWrite
                    {
                        Space = "s",
                        Key = "k",
                        Value = "1",
                    },
                ],
            }
        );

        var expected = new TurnReceipt
        {
            Version = 1,
            FirstSequence = 1,
            LastSequence = 2,
            Replayed = true,
        };
        Assert.Equal(expected, await conversation.GetTurnAsync("t"));
        await conversation.RefreshAsync();
        Assert.Equal(expected, await conversation.GetTurnAsync("t"));
        Assert.Equal(new TurnReceipt { Version = 2, Replayed = true }, await conversation.GetTurnAsync("entry"));
        Assert.Null(await conversation.GetTurnAsync("T"));
        Assert.Equal(2, (await conversation.GetHeadAsync())!.Version);
    }

    [Fact]
    public async Task A_turn_of_an_earlier_life_is_not_found()
    {
        IConversationGrain conversation = NewConversation();
        await conversation.CommitAsync(Messages.Turn("t", Messages.User("1")));
        await conversation.DeleteAsync();
        Assert.Null(await conversation.GetTurnAsync("t"));
        await conversation.CommitAsync(Messages.Turn("other", Messages.User("1")));
        Assert.Null(await conversation.GetTurnAsync("t"));
    }

    [Fact]
    public async Task A_turn_that_is_on_its_way_is_waited_for()
    {
        IConversationGrain conversation = NewConversation();
        Task<TurnReceipt> turn = conversation.CommitAsync(Messages.Turn("t", Messages.User("1")));
        TurnReceipt? found = await conversation.GetTurnAsync("t");
        await turn;

        // The question may overtake the turn; once it is found it is durable.
        Assert.True(found is null or { Version: 1 });
        Assert.Equal(1, (await conversation.GetTurnAsync("t"))!.Version);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public async Task A_turn_id_that_cannot_be_is_refused(string turnId)
    {
        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => NewConversation().GetTurnAsync(turnId));
        Assert.Equal("turnId", refusal.Parameter);
    }
}
