using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Feed;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client;

public sealed class FeedResumeTests(SharedHosts hosts)
{
    private const string Watch = nameof(IConversationGrain.WatchAsync);

    private static readonly DateTimeOffset Life = DateTimeOffset.UnixEpoch.AddDays(20_000);

    private readonly ImpatientClock _clock = new();
    private readonly GrainScript _grain = GrainScript.Make();

    public static TheoryData<Exception> Breaks() =>
        [
            new EnumerationAbortedException(),
            new OperationCanceledException(),
            new SiloUnavailableException("stopping"),
            new TimeoutException(),
            new MemoryUnavailableException(TimeSpan.FromMilliseconds(10)),
        ];

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task A_feed_that_breaks_goes_on_behind_its_last_event(Exception failure)
    {
        _grain
            .On(Watch, _ => Feed(failure, Opened(3), Truncated(3, 3), Said(4)))
            .On(Watch, _ => Feed(failure, Opened(4), Truncated(4, 3)))
            .On(Watch, _ => Feed(null, Opened(4), Truncated(4, 3), Truncated(5, 6), Said(6), Ended(6)));

        Assert.Equal("T3 4 T6 6 E", await ReadAsync(new FeedPosition(3)));

        Assert.Equal([new FeedPosition(3), new FeedPosition(4, Life), new FeedPosition(4, Life)], Asked());
        Assert.Equal(failure is EnumerationAbortedException or OperationCanceledException ? 1 : 2, _clock.Pauses.Count);
    }

    [Fact]
    public async Task From_now_on_is_settled_when_the_feed_is_first_opened()
    {
        _grain.On(Watch, _ => Feed(new TimeoutException(), Opened(7))).On(Watch, _ => Feed(null, Opened(7), Said(8), Ended(8)));

        Assert.Equal("8 E", await ReadAsync(null));

        Assert.Equal([null, new FeedPosition(7, Life)], Asked());
    }

    [Fact]
    public async Task It_is_given_up_when_it_breaks_again_and_again_without_an_event()
    {
        _grain.On(Watch, _ => Feed(new TimeoutException(), Opened(1), Said(2))).On(Watch, _ => Feed(new TimeoutException(), Opened(2)));

        await Assert.ThrowsAsync<MemoryUnavailableException>(() => ReadAsync(FeedPosition.Start, options => options.MaxRetries = 4));

        Assert.Equal(5, _grain.Calls.Count);
        Assert.Equal(4, _clock.Pauses.Count);
    }

    [Fact]
    public async Task Events_in_between_and_time_that_it_stood_are_progress()
    {
        for (int i = 1; i <= 10; i++)
        {
            int last = i;
            _grain.On(Watch, _ => Feed(new TimeoutException(), Opened(last), Said(last + 1)));
        }

        for (int i = 1; i <= 10; i++)
        {
            _grain.On(Watch, _ => Feed(new TimeoutException(), Opened(11), () => _clock.Advance(TimeSpan.FromMinutes(1))));
        }

        _grain.On(Watch, _ => Feed(null, Opened(11), Ended(11)));

        Assert.Equal("2 3 4 5 6 7 8 9 10 11 E", await ReadAsync(new FeedPosition(1), options => options.MaxRetries = 2));
    }

    [Fact]
    public async Task Without_retries_only_a_deactivated_grain_is_asked_again()
    {
        _grain
            .On(Watch, _ => Feed(new EnumerationAbortedException(), Opened(1), Said(2)))
            .On(Watch, _ => Feed(new TimeoutException(), Opened(2), Said(3)));

        await Assert.ThrowsAsync<MemoryUnavailableException>(() => ReadAsync(FeedPosition.Start, options => options.MaxRetries = 0));

        Assert.Equal(2, _grain.Calls.Count);
        Assert.Empty(_clock.Pauses);
    }

    [Fact]
    public async Task A_conversation_that_has_gone_meanwhile_ends_the_feed()
    {
        var missing = new ConversationNotFoundException(ConversationKey.Create("a", "b"));
        _grain.On(Watch, _ => Feed(new EnumerationAbortedException(), Opened(1), Said(2))).On(Watch, _ => Feed(missing));

        Assert.Equal("2 E", await ReadAsync(FeedPosition.Start));

        await Assert.ThrowsAsync<ConversationNotFoundException>(() => ReadAsync(FeedPosition.Start));
    }

    [Fact]
    public async Task What_is_wrong_is_said_at_once()
    {
        _grain.On(Watch, _ => Feed(new InvalidRequestException("after", "no")));

        await Assert.ThrowsAsync<InvalidRequestException>(() => ReadAsync(new FeedPosition(9)));

        Assert.Single(_grain.Calls);
    }

    [Fact]
    public async Task Cancelling_ends_the_feed()
    {
        using var cancellation = new CancellationTokenSource();
        _grain.On(Watch, _ => Feed(new OperationCanceledException(), Opened(1), (Action)cancellation.Cancel));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (ConversationFeedEvent _ in _grain.Client(_clock).Get("c").SubscribeAsync(null, cancellation.Token))
            {
                Assert.Fail("There was nothing to give.");
            }
        });

        Assert.Single(_grain.Calls);
    }

    [Fact]
    public async Task Messages_come_as_chat_messages()
    {
        GrainHost host = await hosts.InMemoryAsync();
        Conversation conversation = Clients.OfNewTenant(host).Get("c");
        var said = new ChatMessage(ChatRole.User, [new TextContent("hello"), new FunctionCallContent("c", "f")])
        {
            AuthorName = "Ada",
            MessageId = "m",
        };
        await conversation.AppendAsync(said);
        await using IAsyncEnumerator<ConversationFeedEvent> feed = conversation.SubscribeAsync(FeedPosition.Start).GetAsyncEnumerator();

        Assert.True(await feed.MoveNextAsync().WithTimeout());

        Assert.Equal(
            (ConversationEventKind.Message, 1L, 1L),
            (feed.Current.Kind, feed.Current.Position.Sequence, feed.Current.Message!.Sequence)
        );
        ChatMessage read = feed.Current.Message.Message;
        Assert.Equal(("hello", "Ada", "m"), (read.Text, read.AuthorName, read.MessageId));
        Assert.IsType<FunctionCallContent>(read.Contents[1]);
        await conversation.DeleteAsync();
        Assert.True(await feed.MoveNextAsync().WithTimeout());
        Assert.Equal((ConversationEventKind.Ended, null), (feed.Current.Kind, feed.Current.Message));
        Assert.False(await feed.MoveNextAsync().WithTimeout());
    }

    private async Task<string> ReadAsync(FeedPosition? from, Action<ConversationClientOptions>? configure = null)
    {
        var seen = new List<string>();
        await foreach (ConversationEvent next in _grain.Client(_clock, configure).Get("c").SubscribeStoredAsync(from))
        {
            seen.Add(FeedReader.Short(next));
        }

        return string.Join(' ', seen);
    }

    private IEnumerable<FeedPosition?> Asked() => _grain.Calls.Select(call => ((WatchRequest)call.Arguments[0]!).After);

    private static async IAsyncEnumerable<ConversationEvent> Feed(Exception? failure, params object[] script)
    {
        foreach (object part in script)
        {
            await Task.Yield();
            if (part is Action act)
            {
                act();
            }
            else
            {
                yield return (ConversationEvent)part;
            }
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    private static ConversationEvent Opened(long at) => Make(ConversationEventKind.Opened, at);

    private static ConversationEvent Ended(long at) => Make(ConversationEventKind.Ended, at);

    private static ConversationEvent Said(long sequence) =>
        Make(ConversationEventKind.Message, sequence) with
        {
            Message = SomeHeads.Message(sequence),
        };

    private static ConversationEvent Truncated(long at, long first) =>
        Make(ConversationEventKind.Truncated, at) with
        {
            FirstSequence = first,
        };

    private static ConversationEvent Make(ConversationEventKind kind, long sequence) =>
        new() { Kind = kind, Position = new FeedPosition(sequence, Life) };
}
