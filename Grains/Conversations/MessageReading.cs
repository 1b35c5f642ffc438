using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Conversations;

/// <summary>Answers message queries: from memory where the log's end suffices, else from the store.</summary>
/// <param name="store">Where older messages are.</param>
/// <param name="options">Limits of messages.</param>
/// <param name="maxPageBytes">The most bytes of a page; the first message is taken whatever its size.</param>
internal sealed class MessageReading(IConversationStore store, ConversationOptions options, int maxPageBytes)
{
    public const int DefaultPage = 50;
    public const int LargestPage = 1_000;

    /// <summary>Checks a query for a page.</summary>
    /// <returns>How many messages the page may have.</returns>
    public static int CheckPage(MessageQuery query)
    {
        Check(query);
        return query.Limit is null or (>= 1 and <= LargestPage)
            ? query.Limit ?? DefaultPage
            : throw new InvalidRequestException("limit", FormattableString.Invariant($"limit must be 1 to {LargestPage}."));
    }

    /// <summary>Checks a query for a stream.</summary>
    public static void CheckStream(MessageQuery query)
    {
        Check(query);
        if (query.Limit < 1)
        {
            throw new InvalidRequestException("limit", "limit must be 1 or more, or missing to read all.");
        }
    }

    /// <summary>Reads a page.</summary>
    /// <param name="loaded">The conversation, as far as it is loaded.</param>
    /// <param name="query">A checked query.</param>
    /// <param name="limit">How many messages at most.</param>
    public async Task<MessagePage> ReadAsync(LoadedConversation loaded, MessageQuery query, int limit, CancellationToken cancellationToken)
    {
        LogRange range = LogRange.Of(query, loaded.Durable.FirstSequence, loaded.Durable.LastSequence);

        // Among messages of every role sequences tell whether there is more; among those of one role, one more than was asked for does.
        int ask = query.Role is null ? limit : limit + 1;
        (List<Message> messages, bool bytesRanOut) = await ScanAsync(loaded, range, query.Role, ask, cancellationToken);
        bool more = query.Role is null
            ? messages.Count > 0 && !range.Behind(messages[^1].Sequence).IsEmpty
            : messages.Count > limit || bytesRanOut;
        if (messages.Count > limit)
        {
            messages.RemoveAt(limit);
        }

        long? next = more && messages.Count > 0 ? messages[^1].Sequence : null;
        if (range.Reading != query.Order)
        {
            messages.Reverse();
        }

        return new MessagePage { Messages = [.. messages], Next = next };
    }

    private static void Check(MessageQuery query)
    {
        if (query is null)
        {
            throw new InvalidRequestException("query", "query is missing.");
        }

        if (query.After < 0)
        {
            throw new InvalidRequestException("after", "after must be 0 or more.");
        }

        if (query.Before < 1)
        {
            throw new InvalidRequestException("before", "before must be 1 or more.");
        }

        if (query.Role is not null && !MessageRoles.IsKnown(query.Role))
        {
            throw new InvalidRequestException("role", "role must be one of system, user, assistant, tool.");
        }

        if (query.Order is not (MessageOrder.Ascending or MessageOrder.Descending))
        {
            throw new InvalidRequestException("order", "order must be ascending or descending.");
        }
    }

    private async Task<(List<Message> Messages, bool BytesRanOut)> ScanAsync(
        LoadedConversation loaded,
        LogRange range,
        string? role,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var page = new PageBuilder(limit, maxPageBytes);
        long held = loaded.Tail.First ?? loaded.Durable.LastSequence + 1;
        long missing = Math.Min(range.Last, held - 1);
        if (range.Reading == MessageOrder.Descending || range.First >= held)
        {
            foreach (Message message in loaded.Tail.Within(range.First, range.Last, range.Reading))
            {
                if ((role is null || string.Equals(message.Role, role, StringComparison.Ordinal)) && !page.TryAdd(message))
                {
                    return page.Done();
                }
            }
        }
        else
        {
            missing = range.Last;
        }

        if (range.First > missing || page.IsFull)
        {
            return page.Done();
        }

        var scan = new MessageScan(range.First, missing, role, range.Reading, page.Room, page.BytesLeft);
        IReadOnlyList<Message> older = await store.ReadMessagesAsync(loaded.Lineage, scan, cancellationToken);
        foreach (Message message in older)
        {
            if (!page.TryAdd(message))
            {
                return page.Done();
            }
        }

        if (role is not null && older.Count < scan.Limit && page.MayHaveRunOut(options.MaxMessageBytes) && page.Last is { } last)
        {
            // Fewer than asked for: either that was all, or the next one is too large for this page.
            LogRange rest = range.Behind(last);
            bool any =
                !rest.IsEmpty
                && (
                    await store.ReadMessagesAsync(
                        loaded.Lineage,
                        new MessageScan(rest.First, rest.Last, role, range.Reading, 1, 1),
                        cancellationToken
                    )
                ).Count > 0;
            return (page.Messages, any);
        }

        return page.Done();
    }
}
