using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client;

public sealed class ConversationRetryTests
{
    private const string Commit = nameof(IConversationGrain.CommitAsync);

    private static readonly TurnReceipt Receipt = new()
    {
        Version = 3,
        FirstSequence = 5,
        LastSequence = 5,
    };

    private readonly ImpatientClock _clock = new();
    private readonly GrainScript _grain = GrainScript.Make();

    public static TheoryData<Exception> Transient() =>
        [
            new MemoryOverloadedException(TimeSpan.FromMilliseconds(10)),
            new MemoryUnavailableException(TimeSpan.FromMilliseconds(10)),
            new TimeoutException(),
            new SiloUnavailableException("stopping"),
            new OperationCanceledException("Message expired before placement could complete."),
        ];

    public static TheoryData<Exception> Final() =>
        [
            new VersionConflictException(1, 2),
            new TurnConflictException("t", 2),
            new InvalidRequestException("p", "m"),
            new PayloadTooLargeException("p", 2, 1, "bytes"),
            new ConversationNotFoundException(ConversationKey.Create("a", "b")),
            new InvalidOperationException(),
        ];

    [Theory]
    [MemberData(nameof(Transient))]
    public async Task A_transient_failure_is_retried_under_the_same_turn_id(Exception failure)
    {
        _grain.Fails<TurnReceipt>(Commit, failure).Fails<TurnReceipt>(Commit, failure).Returns(Commit, Receipt);

        TurnReceipt receipt = await _grain.Client(_clock).Get("c").AppendAsync(new ChatMessage(ChatRole.User, "hi"));

        Assert.Same(Receipt, receipt);
        Assert.Equal(3, _grain.Calls.Count);
        Turn first = Assert.IsType<Turn>(_grain.Calls[0].Arguments[0]);
        Assert.StartsWith("turn_", first.TurnId, StringComparison.Ordinal);
        Assert.All(_grain.Calls, call => Assert.Same(first, call.Arguments[0]));
    }

    [Theory]
    [MemberData(nameof(Final))]
    public async Task Any_other_failure_is_not_retried(Exception failure)
    {
        _grain.Fails<TurnReceipt>(Commit, failure);

        Exception thrown = await Assert.ThrowsAnyAsync<Exception>(() => _grain.Client(_clock).Get("c").ClearAsync());

        Assert.Same(failure, thrown);
        Assert.Single(_grain.Calls);
        Assert.Empty(_clock.Pauses);
    }

    [Fact]
    public async Task Pauses_grow_up_to_the_longest_and_half_of_each_is_random()
    {
        _grain.Fails<TurnReceipt>(Commit, new TimeoutException());
        ConversationClient client = _grain.Client(
            _clock,
            options =>
            {
                options.MaxRetries = 6;
                options.RetryDelay = TimeSpan.FromMilliseconds(100);
                options.MaxRetryDelay = TimeSpan.FromMilliseconds(800);
            }
        );

        await Assert.ThrowsAsync<MemoryUnavailableException>(() => client.Get("c").ClearAsync());

        Assert.Equal(7, _grain.Calls.Count);
        double[] expected = [100, 200, 400, 800, 800, 800];
        Assert.Equal(expected.Length, _clock.Pauses.Count);
        Assert.All(_clock.Pauses.Zip(expected), pause => Assert.InRange(pause.First.TotalMilliseconds, pause.Second / 2, pause.Second));
    }

    [Fact]
    public async Task A_pause_is_never_shorter_than_the_grain_asked_for()
    {
        _grain.Fails<TurnReceipt>(Commit, new MemoryOverloadedException(TimeSpan.FromSeconds(7))).Returns(Commit, Receipt);

        await _grain.Client(_clock).Get("c").ClearAsync();

        Assert.InRange(Assert.Single(_clock.Pauses), TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7.1));
    }

    [Fact]
    public async Task No_retry_starts_after_the_time_limit()
    {
        _grain.Fails<TurnReceipt>(Commit, new MemoryUnavailableException(TimeSpan.FromSeconds(4)));
        ConversationClient client = _grain.Client(_clock, options => options.MaxRetryTime = TimeSpan.FromSeconds(10));

        await Assert.ThrowsAsync<MemoryUnavailableException>(() => client.Get("c").ClearAsync());

        Assert.Equal(3, _grain.Calls.Count);
        Assert.Equal(2, _clock.Pauses.Count);
    }

    [Fact]
    public async Task Without_retries_the_first_failure_is_thrown()
    {
        _grain.Fails<Head?>(nameof(IConversationGrain.GetHeadAsync), new TimeoutException());

        await Assert.ThrowsAsync<MemoryUnavailableException>(() =>
            _grain.Client(_clock, options => options.MaxRetries = 0).Get("c").GetHeadAsync()
        );

        Assert.Single(_grain.Calls);
    }

    [Fact]
    public async Task What_Orleans_cancels_is_a_time_out_to_a_caller_who_has_not()
    {
        var given = new OperationCanceledException("Message expired before placement could complete.");
        _grain.Fails<TurnReceipt>(Commit, given);

        MemoryUnavailableException thrown = await Assert.ThrowsAsync<MemoryUnavailableException>(() =>
            _grain.Client(_clock).Get("c").ClearAsync()
        );

        Assert.Same(given, Assert.IsType<TimeoutException>(thrown.InnerException).InnerException);
        Assert.True(_grain.Calls.Count > 1);
    }

    [Fact]
    public async Task Cancelling_ends_the_pauses()
    {
        using var cancellation = new CancellationTokenSource();
        _grain.On(
            Commit,
            _ =>
            {
                cancellation.Cancel();
                return Task.FromException<TurnReceipt>(new TimeoutException());
            }
        );

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _grain.Client(_clock).Get("c").ClearAsync(cancellationToken: cancellation.Token)
        );

        Assert.Single(_grain.Calls);
    }

    [Fact]
    public async Task A_fork_of_everything_names_its_sequence_before_the_first_attempt()
    {
        _grain
            .Returns(nameof(IConversationGrain.GetHeadAsync), SomeHeads.Head(version: 9, last: 12))
            .Fails<Head>(nameof(IConversationGrain.ForkAsync), new TimeoutException())
            .Returns(nameof(IConversationGrain.ForkAsync), SomeHeads.Head(version: 1, last: 12));

        Conversation fork = await _grain.Client(_clock).Get("c").ForkAsync("f");

        Assert.Equal("f", fork.Key.Id);
        Assert.All(
            _grain.Calls.Where(call => call.Method == nameof(IConversationGrain.ForkAsync)),
            call => Assert.Equal(12, ((ForkRequest)call.Arguments[0]!).AtSequence)
        );
    }

    [Fact]
    public async Task A_search_that_took_too_long_goes_on_when_it_is_repeated()
    {
        var page = new MessageSearchPage { Hits = [], Next = "next" };
        var query = new MessageSearchQuery { Text = "needle" };
        _grain
            .Fails<MessageSearchPage>(nameof(IConversationGrain.SearchAsync), new TimeoutException())
            .Returns(nameof(IConversationGrain.SearchAsync), page);

        Assert.Same(page, await _grain.Client(_clock).Get("c").SearchAsync(query));

        Assert.Equal(2, _grain.Calls.Count);
        Assert.All(_grain.Calls, call => Assert.Same(query, call.Arguments[0]));
    }

    [Theory]
    [InlineData(MessageOrder.Ascending)]
    [InlineData(MessageOrder.Descending)]
    public async Task A_stream_goes_on_where_it_broke(MessageOrder order)
    {
        long[] expected = order == MessageOrder.Ascending ? [1, 2, 3, 4, 5] : [5, 4, 3, 2, 1];
        _grain
            .Returns(nameof(IConversationGrain.GetHeadAsync), SomeHeads.Head(version: 5, last: 5))
            .On(nameof(IConversationGrain.StreamMessagesAsync), _ => Stream(expected[..2], fails: true))
            .On(nameof(IConversationGrain.StreamMessagesAsync), _ => Stream(expected[2..], fails: false));

        var read = new List<long>();
        await foreach (Message message in _grain.Client(_clock).Get("c").StreamStoredMessagesAsync(new MessageQuery { Order = order }))
        {
            read.Add(message.Sequence);
        }

        Assert.Equal(expected, read);
        MessageQuery again = Assert.IsType<MessageQuery>(_grain.Calls[^1].Arguments[0]);
        Assert.Equal(order == MessageOrder.Ascending ? (2L, 6L) : (null, 4L), (again.After, again.Before));
    }

    private static async IAsyncEnumerable<Message> Stream(long[] sequences, bool fails)
    {
        foreach (long sequence in sequences)
        {
            await Task.Yield();
            yield return SomeHeads.Message(sequence);
        }

        if (fails)
        {
            throw new TimeoutException();
        }
    }
}
