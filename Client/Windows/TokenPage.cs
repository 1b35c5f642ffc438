using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Windows;

/// <summary>
/// The newest messages that fit a number of tokens, as a page of the log that may be given to a model: without a hole, by the rules of
/// <see cref="ConversationWindow"/>, but all messages count alike, system messages too.
/// </summary>
/// <param name="maxTokens">The most tokens, by <see cref="TokenEstimate"/>.</param>
/// <param name="limit">The most messages, 1 to 1,000.</param>
/// <param name="largestPage">The most messages of one page that is read, 1 to 1,000.</param>
internal sealed class TokenPage(Conversation conversation, long maxTokens, int limit, int largestPage = 1_000)
{
    private readonly WindowRules _rules = new(
        new WindowBudget(limit, maxTokens, Bytes: null),
        Reserved: default,
        TokenEstimate.Of,
        IsPlain: true
    );
    private readonly List<Message> _read = [];
    private readonly List<WindowItem> _items = [];

    /// <summary>Reads the page.</summary>
    /// <param name="order">The order of its messages.</param>
    /// <returns>The page; its cursor is a <see cref="MessageQuery.Before"/>.</returns>
    public async Task<MessagePage> ReadAsync(MessageOrder order, CancellationToken cancellationToken)
    {
        while (true)
        {
            var query = new MessageQuery
            {
                Before = _read.Count == 0 ? null : _read[^1].Sequence,
                Limit = Math.Min(limit, largestPage),
                Order = MessageOrder.Descending,
            };
            MessagePage page = await conversation.GetStoredMessagesAsync(query, cancellationToken);
            _read.AddRange(page.Messages);
            _items.AddRange(page.Messages.Select(StoredContents.Measure));
            WindowPlan plan = WindowPlan.Make([.. Enumerable.Reverse(_items)], _items.Count, _rules);
            if (page.Next is null || plan.IsFull || plan.HasNoRoom)
            {
                return Page(plan, isWhole: page.Next is null, order);
            }
        }
    }

    private MessagePage Page(WindowPlan plan, bool isWhole, MessageOrder order)
    {
        Message[] messages = [.. Enumerable.Reverse(_read)];
        Message[] kept = [.. plan.History.Select(piece => StoredContents.Of(piece, messages))];
        if (order == MessageOrder.Descending)
        {
            Array.Reverse(kept);
        }

        bool more = plan.IsFull || !isWhole;
        long? cursor =
            !more || messages.Length == 0 ? null
            : plan.Start < messages.Length ? messages[plan.Start].Sequence
            : messages[^1].Sequence + 1;
        return new MessagePage { Messages = [.. kept], Next = cursor };
    }
}
