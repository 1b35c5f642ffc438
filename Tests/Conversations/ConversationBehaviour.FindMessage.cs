using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

public abstract partial class ConversationBehaviour
{
    [Fact]
    public async Task A_message_is_found_by_its_id_in_memory_and_in_the_store()
    {
        IConversationGrain conversation = NewConversation();
        await conversation.CommitAsync(
            Messages.Turn(
                "1",
                Messages.User("oldest") with
                {
                    Id = "oldest",
                },
                Messages.User("first") with
                {
                    Id = "same",
                },
                Messages.User("second") with
                {
                    Id = "same",
                }
            )
        );
        await FillAsync(conversation, 600);
        await conversation.CommitAsync(Messages.Turn("2", Messages.User("newest") with { Id = "newest" }));

        for (int i = 0; i < 2; i++)
        {
            Assert.Equal((604, "newest"), await FoundAsync("newest"));
            Assert.Equal((1, "oldest"), await FoundAsync("oldest"));
            Assert.Equal((3, "same"), await FoundAsync("same"));
            Assert.Null(await conversation.FindMessageAsync("Newest"));
            await conversation.RefreshAsync();
        }

        await conversation.CommitAsync(new Turn { TurnId = "3", DeleteSequences = [1, 2, 3] });
        Assert.Null(await conversation.FindMessageAsync("oldest"));
        Assert.Null(await conversation.FindMessageAsync("same"));

        async Task<(long, string)> FoundAsync(string id) =>
            await conversation.FindMessageAsync(id) is { } message ? (message.Sequence, message.Id) : default;
    }

    [Fact]
    public async Task A_fork_finds_what_it_shares_and_nothing_behind_it()
    {
        IConversationGrain conversation = NewConversation();
        await conversation.CommitAsync(Messages.Turn("1", Messages.User("a") with { Id = "a" }, Messages.User("b") with { Id = "b" }));
        string id = NewId();
        await conversation.ForkAsync(new ForkRequest { NewId = id, AtSequence = 1 });
        IConversationGrain fork = Host.Conversation(id);

        Assert.Equal(1, (await fork.FindMessageAsync("a"))?.Sequence);
        Assert.Null(await fork.FindMessageAsync("b"));
    }

    [Fact]
    public async Task No_message_is_found_where_there_is_no_conversation_and_none_without_an_id()
    {
        IConversationGrain conversation = NewConversation();

        await Assert.ThrowsAsync<ConversationNotFoundException>(() => conversation.FindMessageAsync("a"));
        await Assert.ThrowsAsync<InvalidRequestException>(() => conversation.FindMessageAsync(""));
    }
}
