using OrleansMemory.Conversations;
using Xunit;

namespace OrleansMemory.Tests.Support;

/// <summary>Reads a feed event by event; what does not come counts as a hang.</summary>
internal sealed class FeedReader(IAsyncEnumerable<ConversationEvent> feed) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<ConversationEvent> _events = feed.GetAsyncEnumerator();
    private readonly Queue<ConversationEvent> _page = [];

    /// <summary>Opens a feed and waits until it stands.</summary>
    public static async Task<FeedReader> OpenAsync(IConversationGrain conversation, FeedPosition? after, bool pages = false)
    {
        var reader = new FeedReader(conversation.WatchAsync(new WatchRequest { After = after, Pages = pages }));
        Assert.Equal(ConversationEventKind.Opened, (await reader.NextAsync()).Kind);
        return reader;
    }

    /// <summary>The next event; that of several messages as one for each.</summary>
    public async Task<ConversationEvent> NextAsync()
    {
        if (_page.TryDequeue(out ConversationEvent? taken))
        {
            return taken;
        }

        Assert.True(await _events.MoveNextAsync().WithTimeout(), "The feed is over.");
        if (_events.Current.Kind != ConversationEventKind.Messages)
        {
            return _events.Current;
        }

        foreach (Message message in _events.Current.Messages)
        {
            FeedPosition position = _events.Current.Position with { Sequence = message.Sequence };
            _page.Enqueue(
                new ConversationEvent
                {
                    Kind = ConversationEventKind.Message,
                    Position = position,
                    Message = message,
                }
            );
        }

        return _page.Dequeue();
    }

    /// <summary>The next events in short: sequences of messages, and what else happened by its first letter.</summary>
    public async Task<string> NextAsync(int count)
    {
        var seen = new List<string>();
        for (int i = 0; i < count; i++)
        {
            seen.Add(Short(await NextAsync()));
        }

        return string.Join(' ', seen);
    }

    /// <summary>The last event must be that of an end.</summary>
    public async Task<ConversationEvent> EndAsync()
    {
        ConversationEvent end = await NextAsync();
        Assert.Equal(ConversationEventKind.Ended, end.Kind);
        Assert.False(await _events.MoveNextAsync().WithTimeout());
        return end;
    }

    public static string Short(ConversationEvent next) =>
        next.Kind switch
        {
            ConversationEventKind.Message => FormattableString.Invariant($"{next.Message!.Sequence}"),
            ConversationEventKind.Truncated => FormattableString.Invariant($"T{next.FirstSequence}"),
            _ => $"{next.Kind}"[..1],
        };

    public ValueTask DisposeAsync() => _events.DisposeAsync();
}
