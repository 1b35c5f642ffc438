using OrleansMemory.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Regressions;

/// <summary>
/// A client of a cluster learns only from the response time-out that an answer was lost with its gateway. No retry was started that late, so a turn failed
/// with the first silo that died.
/// </summary>
public sealed class LostAnswerTests
{
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_turn_whose_answer_was_lost_twice_is_sent_again_under_its_id()
    {
        var clock = new ImpatientClock();
        var receipt = new TurnReceipt { Version = 1, FirstSequence = 1, LastSequence = 1, Replayed = true };
        GrainScript grain = GrainScript.Make().On(nameof(IConversationGrain.CommitAsync), Lost).On(nameof(IConversationGrain.CommitAsync), Lost)
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
