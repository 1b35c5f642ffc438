using OrleansMemory.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Regressions;

/// <summary>
/// A client's retries ended sooner than the silos of a cluster, with Orleans' own settings, give a dead one up. And a client outside learns
/// only from the response time-out that an answer was lost with its gateway: no retry was started that late. So turns failed with the first
/// silo that died.
/// </summary>
public sealed class LostAnswerTests
{
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_turn_is_sent_again_until_the_silos_have_noticed_that_one_of_them_is_dead()
    {
        var clock = new ImpatientClock();
        DateTimeOffset noticed = clock.GetUtcNow().AddSeconds(30);
        var receipt = new TurnReceipt
        {
            Version = 1,
            FirstSequence = 1,
            LastSequence = 1,
        };
        GrainScript grain = GrainScript
            .Make()
            .On(
                nameof(IConversationGrain.CommitAsync),
                _ => clock.GetUtcNow() < noticed ? Task.FromException<TurnReceipt>(new TimeoutException()) : Task.FromResult(receipt)
            );

        Assert.Equal(receipt, await grain.Client(clock).Get("c").CommitAsync(Messages.Turn("t", Messages.User("x"))));
    }

    [Fact]
    public async Task A_turn_whose_answer_was_lost_twice_is_sent_again_under_its_id()
    {
        var clock = new ImpatientClock();
        var receipt = new TurnReceipt
        {
            Version = 1,
            FirstSequence = 1,
            LastSequence = 1,
            Replayed = true,
        };
        GrainScript grain = GrainScript
            .Make()
            .On(nameof(IConversationGrain.CommitAsync), Lost)
            .On(nameof(IConversationGrain.CommitAsync), Lost)
            .Returns(nameof(IConversationGrain.CommitAsync), receipt);

        Assert.Equal(receipt, await grain.Client(clock).Get("c").CommitAsync(Messages.Turn("t", Messages.User("x"))));
        Assert.Equal(["t", "t", "t"], grain.Calls.Select(call => ((Turn)call.Arguments[0]!).TurnId));

        object? Lost(object?[] arguments)
        {
            clock.Advance(ResponseTimeout);
            return Task.FromException<TurnReceipt>(new TimeoutException());
        }
    }
}
