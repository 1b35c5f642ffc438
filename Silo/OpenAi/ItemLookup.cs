using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using OrleansMemory.Client;
using OrleansMemory.Conversations;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>Finds items by their ids, at a cost that does not depend on the length of the conversation.</summary>
internal static partial class ItemLookup
{
    private const int MaxMessageIdBytes = 256;

    // An item's id within a message, with a sequence behind it.
    private const int MaxCursorLength = 300;

    /// <summary>Finds an item. Of several messages of one id, which another API may have written, it is the newest one's.</summary>
    /// <returns>Where it is; <see langword="null"/> when there is no such item.</returns>
    /// <exception cref="OrleansMemory.Errors.ConversationNotFoundException">There is no such conversation.</exception>
    public static async Task<FoundItem?> FindAsync(Conversation conversation, string itemId, CancellationToken cancellationToken)
    {
        foreach (string? messageId in (string?[])[itemId, ItemIds.MessageOf(itemId)])
        {
            if (
                messageId is not null
                && IsMessageId(messageId)
                && await conversation.FindStoredMessageAsync(messageId, cancellationToken) is { } message
                && In(message, itemId) is { } found
            )
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Finds where a list goes on.</summary>
    /// <param name="cursor">An item's id, or what <see cref="CursorOfAsync"/> has made of it.</param>
    /// <returns>The item behind which it goes on; <see langword="null"/> when there is no such item.</returns>
    public static async Task<FoundItem?> FindCursorAsync(Conversation conversation, string cursor, CancellationToken cancellationToken)
    {
        if (await FindAsync(conversation, cursor, cancellationToken) is { } found)
        {
            return found;
        }

        Match match = Placed().Match(cursor.Length <= MaxCursorLength ? cursor : string.Empty);
        if (!match.Success)
        {
            return null;
        }

        long sequence = long.Parse(match.Groups["sequence"].ValueSpan, CultureInfo.InvariantCulture);
        MessagePage page = await conversation.GetStoredMessagesAsync(
            new MessageQuery
            {
                After = sequence - 1,
                Before = sequence + 1,
                Limit = 1,
            },
            cancellationToken
        );
        return page.Messages is [var message] ? In(message, match.Groups["item"].Value) : null;
    }

    /// <summary>What a list goes on behind: the item's id, with its place where a newer message has the same id.</summary>
    /// <param name="message">The message that holds the item.</param>
    public static async Task<string> CursorOfAsync(
        Conversation conversation,
        Message message,
        string itemId,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(conversation, itemId, cancellationToken) is { } found && found.Message.Sequence != message.Sequence
            ? string.Create(CultureInfo.InvariantCulture, $"{itemId}@{message.Sequence}")
            : itemId;

    private static FoundItem? In(Message message, string itemId)
    {
        ImmutableArray<ConversationItem> items = MessageItems.Of(message);
        for (int i = 0; i < items.Length; i++)
        {
            if (items[i].Id.Equals(itemId, StringComparison.Ordinal))
            {
                return new FoundItem(message, items, i);
            }
        }

        return null;
    }

    // Whatever the grain would refuse as an id no message has.
    private static bool IsMessageId(string id) =>
        id.Length is > 0 and <= MaxMessageIdBytes
        && Encoding.UTF8.GetByteCount(id) <= MaxMessageIdBytes
        && !id.Contains('\0', StringComparison.Ordinal);

    [GeneratedRegex(
        @"\A(?<item>.+)@(?<sequence>[1-9][0-9]{0,17})\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        1000
    )]
    private static partial Regex Placed();
}
