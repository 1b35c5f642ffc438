using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

/// <summary>What is too much to write again when messages are dropped from within a log.</summary>
public sealed class LogRewritingLimitTests
{
    [Fact]
    public async Task More_messages_than_a_turn_may_have_are_refused_until_the_log_is_truncated()
    {
        await using GrainHost host = await GrainHost.InMemoryAsync(configure: options => options.MaxTurnMessages = 4);
        IConversationGrain conversation = host.Conversation("c");
        for (int i = 1; i <= 6; i++)
        {
            await conversation.CommitAsync(Messages.Turn($"t{i}", Messages.User($"{i}")));
        }

        var failure = await Assert.ThrowsAsync<PayloadTooLargeException>(() =>
            conversation.CommitAsync(new Turn { TurnId = "drop", DeleteSequences = [2] })
        );

        Assert.Equal(("turn", 5L, 4L, "messages"), (failure.Parameter, failure.Actual, failure.Limit, failure.Unit));
        Assert.Contains("truncate it first", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<PayloadTooLargeException>(() =>
            conversation.CommitAsync(Messages.Turn("drop two and add one", Messages.User("x")) with { DeleteSequences = [2, 3] })
        );
        await conversation.CommitAsync(new Turn { TurnId = "oldest", DeleteSequences = [1] });
        await conversation.CommitAsync(new Turn { TurnId = "drop", DeleteSequences = [3] });
        Assert.Equal(4, (await conversation.GetHeadAsync())!.MessageCount);
        await Assert.ThrowsAsync<PayloadTooLargeException>(() =>
            conversation.CommitAsync(new Turn { TurnId = "many", DeleteSequences = [7, 8, 9, 10, 7] })
        );
    }

    [Fact]
    public async Task More_bytes_than_a_turn_may_have_are_refused()
    {
        await using GrainHost host = await GrainHost.InMemoryAsync(configure: options =>
            (options.MaxMessageBytes, options.MaxEntryBytes, options.MaxEntriesBytes, options.MaxTurnBytes) = (1024, 1024, 1024, 2048)
        );
        IConversationGrain conversation = host.Conversation("c");
        for (int i = 1; i <= 4; i++)
        {
            await conversation.CommitAsync(Messages.Turn($"t{i}", Messages.User(new string('x', 800))));
        }

        var failure = await Assert.ThrowsAsync<PayloadTooLargeException>(() =>
            conversation.CommitAsync(new Turn { TurnId = "drop", DeleteSequences = [2] })
        );

        Assert.Equal(("turn", "bytes"), (failure.Parameter, failure.Unit));
        Assert.Equal(4, (await conversation.GetHeadAsync())!.MessageCount);
    }
}
