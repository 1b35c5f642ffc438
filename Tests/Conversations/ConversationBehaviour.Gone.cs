using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

// What was deleted does not come back, and what others read stays.
public abstract partial class ConversationBehaviour
{
    [Fact]
    public async Task A_turn_of_a_deleted_conversation_is_gone_whatever_it_asks_for()
    {
        IConversationGrain conversation = NewConversation();
        await conversation.CommitAsync(Messages.Turn("1", Messages.User("old")));
        await conversation.CommitAsync(Messages.Turn("2", Messages.User("old")));
        await conversation.DeleteAsync();

        await AssertGoneAsync(conversation, Messages.Turn("1", Messages.User("old")));
        await AssertGoneAsync(conversation, Messages.Turn("2", Messages.User("other payload")));
        await AssertGoneAsync(conversation, Messages.Turn("1", Messages.User("old")) with { ExpectedVersion = 0 });
        await AssertGoneAsync(conversation, Messages.Turn("1", Messages.User("old")) with { ExpectedVersion = 7 });
        await AssertGoneAsync(conversation, Messages.Turn("1", Messages.User("old")) with { MustExist = true });
        Assert.Null(await conversation.GetHeadAsync());
    }

    [Fact]
    public async Task A_new_life_refuses_the_turns_of_the_old_one_and_takes_its_own()
    {
        IConversationGrain conversation = NewConversation();
        await conversation.CommitAsync(Messages.Turn("1", Messages.User("old")));
        await conversation.DeleteAsync();
        await conversation.CommitAsync(Messages.Turn("2", Messages.User("young")));

        await AssertGoneAsync(conversation, Messages.Turn("1", Messages.User("old")));
        await conversation.RefreshAsync();
        await AssertGoneAsync(conversation, Messages.Turn("1", Messages.User("old")));
        Assert.True((await conversation.CommitAsync(Messages.Turn("2", Messages.User("young")))).Replayed);
        Assert.Equal(2, (await conversation.CommitAsync(Messages.Turn("3", Messages.User("younger")))).Version);
        Assert.Equal([Messages.Text("young"), Messages.Text("younger")], Texts(await AllAsync(conversation)));
    }

    [Fact]
    public async Task A_turn_of_an_expired_conversation_is_a_new_turn()
    {
        IConversationGrain conversation = NewConversation();
        Turn turn = Messages.Turn("1", Messages.User("old")) with
        {
            InitialSettings = new ConversationSettings { TimeToLive = new TimeToLive { Duration = TimeSpan.FromMinutes(1) } },
        };
        await conversation.CommitAsync(turn);
        Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(
            new TurnReceipt
            {
                Version = 1,
                FirstSequence = 1,
                LastSequence = 1,
            },
            await conversation.CommitAsync(turn)
        );
    }

    [Fact]
    public async Task Deleting_leaves_forks_whole_until_they_are_cut()
    {
        IConversationGrain origin = NewConversation();
        await FillAsync(origin, 5);
        await origin.CommitAsync(
            new Turn
            {
                TurnId = "e",
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
        string id = NewId();
        await origin.ForkAsync(new ForkRequest { NewId = id, AtSequence = 4 });
        IConversationGrain fork = Host.Conversation(id);
        await fork.CommitAsync(Messages.Turn("f", Messages.User("own")));
        List<Message> before = await AllAsync(fork);

        Assert.Equal(
            new DeleteReceipt
            {
                Existed = true,
                Messages = 1,
                Entries = 1,
                Turns = 2,
            },
            await origin.DeleteAsync()
        );
        Assert.Null(await origin.GetHeadAsync());
        Assert.Equal(before, await AllAsync(fork));
        await fork.RefreshAsync();
        Assert.Equal(before, await AllAsync(fork));
        Assert.Single((await fork.GetSnapshotAsync())!.Entries);
        Assert.Null((await fork.GetHeadAsync())!.Origin);
        Assert.Equal(6, (await fork.CommitAsync(Messages.Turn("g", Messages.User("goes on")))).FirstSequence);

        DeleteReceipt cut = await origin.DeleteAsync(new DeleteRequest { CutForks = true });
        Assert.Equal(
            new DeleteReceipt
            {
                Existed = false,
                Messages = 4,
                Entries = 1,
                ForksCut = 1,
            },
            cut
        );
        Assert.Equal([5L, 6L], (await AllAsync(fork)).Select(message => message.Sequence));
    }

    [Fact]
    public async Task A_turn_that_expects_a_life_does_not_go_on_with_another_one()
    {
        IConversationGrain conversation = NewConversation();
        await conversation.CommitAsync(Messages.Turn("1", Messages.User("old")));
        DateTimeOffset seen = (await conversation.GetHeadAsync())!.CreatedAt;
        Turn turn = Messages.Turn("answer", Messages.User("of what was said")) with { ExpectedLife = seen };
        Assert.Equal(2, (await conversation.CommitAsync(turn)).Version);
        Assert.True((await conversation.CommitAsync(turn with { ExpectedLife = seen.AddDays(1) })).Replayed);

        await conversation.DeleteAsync();
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => conversation.CommitAsync(turn with { TurnId = "late" }));
        Clock.Advance(TimeSpan.FromSeconds(1));
        await conversation.CommitAsync(Messages.Turn("2", Messages.User("young")));
        Task<TurnReceipt> onItsWay = conversation.CommitAsync(Messages.Turn("3", Messages.User("young")));
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => conversation.CommitAsync(turn with { TurnId = "later" }));
        await onItsWay;
        Assert.Equal([Messages.Text("young"), Messages.Text("young")], Texts(await AllAsync(conversation)));
    }

    private static async Task AssertGoneAsync(IConversationGrain conversation, Turn turn) =>
        Assert.Equal(turn.TurnId, (await Assert.ThrowsAsync<GoneException>(() => conversation.CommitAsync(turn))).Id);
}
