using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

public abstract partial class ConversationBehaviour
{
    [Fact]
    public async Task Dropping_messages_from_within_writes_the_others_again_with_all_they_have()
    {
        IConversationGrain conversation = NewConversation();
        var said = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        await conversation.CommitAsync(
            Messages.Turn(
                "1",
                Messages.User("a") with
                {
                    Id = "a",
                    Author = "Ada",
                    Metadata = """{"k":1}""",
                    Created = said,
                },
                Messages.User("b"),
                Messages.ToolCall("call"),
                Messages.ToolResult("call"),
                Messages.User("c")
            )
        );
        List<Message> before = await AllAsync(conversation);
        Clock.Advance(TimeSpan.FromMinutes(1));

        TurnReceipt receipt = await conversation.CommitAsync(new Turn { TurnId = "2", DeleteSequences = [2, 5, 2] });
        Assert.Equal(new TurnReceipt { Version = 2 }, receipt);
        await AssertLeftAsync(conversation, [before[0], before[2], before[3]], 6);
        await conversation.RefreshAsync();
        await AssertLeftAsync(conversation, [before[0], before[2], before[3]], 6);

        // Its tool links have come along: the result still keeps its call.
        await conversation.TruncateAsync("3", 1);
        Assert.Equal([7L, 8L], (await AllAsync(conversation)).Select(message => message.Sequence));
    }

    [Fact]
    public async Task Dropping_the_oldest_messages_writes_nothing_again()
    {
        IConversationGrain conversation = NewConversation();
        await FillAsync(conversation, 10);
        List<Message> before = await AllAsync(conversation);
        await conversation.CommitAsync(new Turn { TurnId = "oldest", DeleteSequences = [2, 1, 3] });
        Assert.Equal(before[3..], await AllAsync(conversation));
        await conversation.CommitAsync(new Turn { TurnId = "all", DeleteSequences = [.. Enumerable.Range(4, 7).Select(i => (long)i)] });
        await conversation.RefreshAsync();
        Head head = (await conversation.GetHeadAsync())!;
        Assert.Equal((0L, 10L), (head.MessageCount, head.LastSequence));
    }

    [Fact]
    public async Task What_a_dropping_turn_appends_comes_after_what_is_left()
    {
        IConversationGrain conversation = NewConversation();
        await FillAsync(conversation, 3);
        TurnReceipt receipt = await conversation.CommitAsync(Messages.Turn("2", Messages.User("new")) with { DeleteSequences = [2] });
        Assert.Equal((6L, 6L), (receipt.FirstSequence, receipt.LastSequence));
        await conversation.RefreshAsync();
        Assert.Equal([Messages.Text("message 1"), Messages.Text("message 3"), Messages.Text("new")], Texts(await AllAsync(conversation)));
    }

    [Fact]
    public async Task A_long_log_is_read_page_by_page_when_messages_are_dropped()
    {
        IConversationGrain conversation = NewConversation();
        await FillAsync(conversation, 1_000);
        List<Message> before = await AllAsync(conversation);
        long[] dropped = [3, 256, 257, 258, 999];
        await conversation.CommitAsync(new Turn { TurnId = "drop", DeleteSequences = [.. dropped] });
        await conversation.RefreshAsync();
        await AssertLeftAsync(conversation, [.. before.Where(message => !dropped.Contains(message.Sequence))], 1_001);
    }

    [Fact]
    public async Task A_dropping_turn_that_comes_again_is_replayed()
    {
        IConversationGrain conversation = NewConversation();
        await FillAsync(conversation, 5);
        var drop = new Turn
        {
            TurnId = "drop",
            ExpectedVersion = 1,
            DeleteSequences = [2, 4],
        };
        await conversation.CommitAsync(drop);
        Assert.True((await conversation.CommitAsync(drop)).Replayed);
        await conversation.RefreshAsync();
        Assert.True((await conversation.CommitAsync(drop)).Replayed);
        await conversation.RefreshAsync();
        Assert.True((await conversation.CommitAsync(drop with { ExpectedVersion = null })).Replayed);
        await conversation.RefreshAsync();
        await Assert.ThrowsAsync<TurnConflictException>(() =>
            conversation.CommitAsync(drop with { ExpectedVersion = null, DeleteSequences = [2] })
        );
        Assert.Equal([6L, 7L, 8L], (await AllAsync(conversation)).Select(message => message.Sequence));
    }

    [Fact]
    public async Task A_fork_drops_what_it_shares_and_its_parent_keeps_it()
    {
        IConversationGrain parent = NewConversation();
        await FillAsync(parent, 6);
        List<Message> before = await AllAsync(parent);
        string id = NewId();
        await parent.ForkAsync(new ForkRequest { NewId = id, AtSequence = 5 });
        IConversationGrain fork = Host.Conversation(id);
        await fork.CommitAsync(Messages.Turn("own", Messages.User("own")));
        await fork.CommitAsync(new Turn { TurnId = "drop", DeleteSequences = [3] });
        await fork.RefreshAsync();
        Assert.Equal([.. Texts(before[..2]), .. Texts(before[3..5]), Messages.Text("own")], Texts(await AllAsync(fork)));
        await parent.RefreshAsync();
        Assert.Equal(before, await AllAsync(parent));

        // What it wrote again is its own: it outlives the parent.
        await parent.DeleteAsync();
        Assert.Equal(5, (await AllAsync(fork)).Count);
    }

    [Theory]
    [InlineData(0L, "deleteSequences[1]")]
    [InlineData(4L, "deleteSequences[1]")]
    [InlineData(long.MaxValue, "deleteSequences[1]")]
    public async Task Dropping_what_is_not_in_the_log_is_refused(long sequence, string parameter)
    {
        IConversationGrain conversation = NewConversation();
        await FillAsync(conversation, 3);
        var failure = await Assert.ThrowsAsync<InvalidRequestException>(() =>
            conversation.CommitAsync(new Turn { TurnId = "drop", DeleteSequences = [2, sequence] })
        );
        Assert.Equal(parameter, failure.Parameter);
        Assert.Contains("from 1 to 3", failure.Message, StringComparison.Ordinal);
        Assert.Equal(3, (await AllAsync(conversation)).Count);
        Assert.Equal(1, (await conversation.GetHeadAsync())!.Version);
    }

    [Fact]
    public async Task Dropping_from_nothing_and_dropping_beside_truncating_are_refused()
    {
        IConversationGrain conversation = NewConversation();
        await Assert.ThrowsAsync<ConversationNotFoundException>(() =>
            conversation.CommitAsync(new Turn { TurnId = "1", DeleteSequences = [1] })
        );
        await FillAsync(conversation, 3);
        Assert.Equal(
            "deleteSequences",
            (
                await Assert.ThrowsAsync<InvalidRequestException>(() =>
                    conversation.CommitAsync(
                        new Turn
                        {
                            TurnId = "2",
                            DeleteSequences = [1],
                            KeepLast = 2,
                        }
                    )
                )
            ).Parameter
        );
    }

    [Fact]
    public async Task Dropping_while_others_write_loses_nothing()
    {
        IConversationGrain conversation = NewConversation();
        await FillAsync(conversation, 20);
        Task<TurnReceipt>[] writers =
        [
            .. Enumerable.Range(0, 50).Select(i => conversation.CommitAsync(Messages.Turn($"w{i}", Messages.User($"written {i}")))),
        ];
        await conversation.CommitAsync(new Turn { TurnId = "drop", DeleteSequences = [2, 19] });
        await Task.WhenAll(writers);
        await conversation.RefreshAsync();
        List<Message> messages = await AllAsync(conversation);
        Assert.Equal(68, messages.Count);
        Assert.Equal(50, Texts(messages).Where(text => text.Contains("written", StringComparison.Ordinal)).Distinct().Count());
    }

    private static async Task AssertLeftAsync(IConversationGrain conversation, IReadOnlyList<Message> left, long firstSequence)
    {
        Message[] expected = [.. left.Select((message, i) => message with { Sequence = firstSequence + i })];
        Assert.Equal(expected, await AllAsync(conversation));
        Head head = (await conversation.GetHeadAsync())!;
        Assert.Equal((firstSequence, firstSequence + left.Count - 1), (head.FirstSequence, head.LastSequence));
    }
}
