using Microsoft.Extensions.AI;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Runs;

/// <summary>
/// Reads a log back as far as it takes to know the messages of an input that sends the history again. A history that was sent again by its
/// ids is found in the newest page, which every run reads; further pages are read for what the caller changed in it, or where others said
/// much meanwhile.
/// </summary>
/// <remarks>The bound: as many messages as the input has, or 1,000 more while none of its ids has been found, and <see cref="MostPages"/>
/// pages in any case.</remarks>
/// <param name="head">Up to where it is read.</param>
/// <param name="finder">Knows objects that were stored before.</param>
internal sealed class KnownReach(Conversation conversation, Head head, NewInput finder)
{
    /// <summary>How many pages are read at most, beside those of the window.</summary>
    public const int MostPages = 8;

    private const int PageMessages = 1_000;
    private const int FurtherSearch = 1_000;

    /// <summary>Reads.</summary>
    /// <param name="read">What has been read of the log's end, newest first.</param>
    /// <returns>What has been read, and what was read further, newest first.</returns>
    public async Task<IReadOnlyList<ConversationMessage>> ReadAsync(
        IReadOnlyList<ConversationMessage> read,
        IReadOnlyList<ChatMessage> input,
        CancellationToken cancellationToken
    )
    {
        List<ConversationMessage> reach = [.. read];
        HashSet<string> known = Ids(reach.Select(message => message.Message));
        for (int pages = 0; pages < MostPages && Wanted(reach, known, input) is > 0 and int wanted; pages++)
        {
            var query = new MessageQuery
            {
                Before = reach.Count == 0 ? head.LastSequence + 1 : reach[^1].Sequence,
                Limit = Math.Min(wanted, PageMessages),
                Order = MessageOrder.Descending,
            };
            ConversationPage page = await conversation.GetShownMessagesAsync(query, cancellationToken);
            if (page.Messages.Count == 0)
            {
                break;
            }

            reach.AddRange(page.Messages);
            known.UnionWith(Ids(page.Messages.Select(message => message.Message)));
        }

        return reach;
    }

    private static HashSet<string> Ids(IEnumerable<ChatMessage> messages) =>
        messages.Select(message => message.MessageId).OfType<string>().ToHashSet(StringComparer.Ordinal);

    /// <summary>How many messages more are to be read; 0 when it is enough.</summary>
    private int Wanted(List<ConversationMessage> reach, HashSet<string> known, IReadOnlyList<ChatMessage> input)
    {
        if (!IsSentAgain(input) || (reach.Count > 0 && reach[^1].Sequence <= head.FirstSequence))
        {
            return 0;
        }

        int newest = -1;
        for (int i = input.Count - 1; i >= 0 && newest < 0; i--)
        {
            newest = input[i].MessageId is { Length: > 0 } id && known.Contains(id) ? i : -1;
        }

        int last = newest < 0 ? input.Count - 1 : newest;
        bool isOpen = input.Take(last).Any(message => message.MessageId is { Length: > 0 } id && !known.Contains(id));
        return isOpen ? Math.Max(0, input.Count + (newest < 0 ? FurtherSearch : 0) - reach.Count) : 0;
    }

    /// <summary>Whether an input looks like a history: it says again what a model said, in other objects.</summary>
    private bool IsSentAgain(IReadOnlyList<ChatMessage> input)
    {
        for (int i = 0; i < input.Count - 1; i++)
        {
            if (input[i].Role == ChatRole.Assistant && input[i].MessageId is { Length: > 0 } && !finder.IsMarked(head, input, i))
            {
                return true;
            }
        }

        return false;
    }
}
