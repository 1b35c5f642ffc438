using System.Collections.Immutable;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Conversations;

/// <summary>
/// Finds what is written again when messages are dropped from within a log. Sequences have no gaps, so all that is left moves to the end;
/// where the dropped messages are the oldest ones, nothing has to move.
/// </summary>
/// <param name="options">The limits of a turn, and of a page that is read.</param>
internal sealed class LogRewriting(IConversationStore store, ConversationOptions options)
{
    private const int PageMessages = 256;

    private const string Advice = "What is left of the log is written again when messages are dropped from within: truncate it first.";

    /// <summary>The log without the messages that a turn drops.</summary>
    /// <param name="loaded">The conversation; it holds all of them, and nothing of it is on its way.</param>
    /// <returns>The cut; <see langword="null"/> when the store no longer has the log that was loaded.</returns>
    /// <exception cref="PayloadTooLargeException">More is left than one turn may write.</exception>
    public async Task<LogCut?> WithoutAsync(LoadedConversation loaded, PreparedTurn prepared, CancellationToken cancellationToken)
    {
        ConversationState tip = loaded.Tip;
        HashSet<long> dropped = [.. prepared.Turn.DeleteSequences];
        if (dropped.Max() - tip.FirstSequence + 1 == dropped.Count)
        {
            return new LogCut(tip.FirstSequence + dropped.Count, []);
        }

        long left = tip.LastSequence - tip.FirstSequence + 1 - dropped.Count;
        if (left + prepared.Messages.Length > options.MaxTurnMessages)
        {
            throw new PayloadTooLargeException("turn", left + prepared.Messages.Length, options.MaxTurnMessages, "messages", Advice);
        }

        ImmutableArray<MessageRow>.Builder rows = ImmutableArray.CreateBuilder<MessageRow>((int)left);
        long bytes = prepared.Messages.Sum(message => (long)message.Bytes);
        long next = tip.FirstSequence;
        while (next <= tip.LastSequence)
        {
            var scan = new MessageScan(next, tip.LastSequence, null, MessageOrder.Ascending, PageMessages, options.MaxPageBytes);
            IReadOnlyList<Message> page = await store.ReadMessagesAsync(loaded.Lineage, scan, cancellationToken);
            if (page.Count == 0 || page[0].Sequence != next || page[^1].Sequence != next + page.Count - 1)
            {
                return null;
            }

            next += page.Count;
            foreach (MessageRow row in page.Where(message => !dropped.Contains(message.Sequence)).Select(ToRow))
            {
                rows.Add(row);
                bytes += row.Bytes;
            }

            if (bytes > options.MaxTurnBytes)
            {
                throw new PayloadTooLargeException("turn", bytes, options.MaxTurnBytes, "bytes", Advice);
            }
        }

        return new LogCut(tip.LastSequence + 1, rows.MoveToImmutable());
    }

    /// <summary>A stored message was valid under the limits of its time; it is measured again, not judged again.</summary>
    private static MessageRow ToRow(Message message)
    {
        (int bytes, ToolLinks? tools) = JsonRules.CheckContents(message.Contents, "contents", int.MaxValue);
        return new MessageRow(message, bytes + (message.Metadata is { } metadata ? TextRules.Measure(metadata, "metadata") : 0), tools);
    }
}
