using System.Collections.Immutable;
using OrleansMemory.Client;
using OrleansMemory.Conversations;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>A page of the items of a conversation.</summary>
/// <param name="Last">What the next page goes on behind; <see langword="null"/> for a page without items.</param>
/// <param name="HasMore">Whether there is a next page.</param>
internal sealed record ItemPage(IReadOnlyList<ConversationItem> Items, string? Last, bool HasMore)
{
    /// <summary>A list of items that is whole.</summary>
    public static ItemPage Of(IReadOnlyList<ConversationItem> items) => new(items, items.Count > 0 ? items[^1].Id : null, false);

    /// <summary>
    /// Reads a page. It reads one page of messages, whose bytes are bounded, so it may have fewer items than asked for and go on all the
    /// same.
    /// </summary>
    /// <param name="limit">How many items at most.</param>
    /// <param name="after">The item behind which it begins; <see langword="null"/> for the first page.</param>
    public static async Task<ItemPage> ReadAsync(
        Conversation conversation,
        MessageOrder order,
        int limit,
        FoundItem? after,
        CancellationToken cancellationToken
    )
    {
        bool isAscending = order == MessageOrder.Ascending;
        var found = new List<(Message Message, ConversationItem Item)>();
        if (after is not null)
        {
            found.AddRange(
                (isAscending ? after.Items.Skip(after.Index + 1) : after.Items.Take(after.Index).Reverse()).Select(item =>
                    (after.Message, item)
                )
            );
        }

        var query = new MessageQuery
        {
            Limit = Math.Max(1, limit - found.Count),
            Order = order,
            After = isAscending ? after?.Message.Sequence ?? 0 : null,
            Before = isAscending ? null : after?.Message.Sequence,
        };
        MessagePage page = await conversation.GetStoredMessagesAsync(query, cancellationToken);
        foreach (Message message in page.Messages)
        {
            ImmutableArray<ConversationItem> items = MessageItems.Of(message);
            found.AddRange((isAscending ? items : items.Reverse()).Select(item => (message, item)));
        }

        int count = Math.Min(limit, found.Count);
        bool hasMore = found.Count > count || page.Next is not null;
        string? last =
            count == 0 ? null
            : hasMore ? await ItemLookup.CursorOfAsync(conversation, found[count - 1].Message, found[count - 1].Item.Id, cancellationToken)
            : found[count - 1].Item.Id;
        return new ItemPage([.. found.Take(count).Select(static one => one.Item)], last, hasMore);
    }
}
