using System.Threading.Channels;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Memory;

/// <summary>
/// The ids of the messages that a conversation holds. The first question reads the whole log, page by page; each later one only what has come since. About
/// 100 bytes are held for each stored message.
/// </summary>
/// <param name="conversation">The conversation.</param>
internal sealed class StoredIds(Conversation conversation)
{
    // A place for one: who fills it has the ids for itself. Unlike a semaphore it need not be disposed of.
    private readonly Channel<bool> _inside = Channel.CreateBounded<bool>(1);
    private readonly Queue<(long Sequence, string Id)> _log = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private Head? _head;
    private (long Sequence, string Id) _last;

    /// <summary>Asks which ids are stored.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Those that are stored, and the version that this holds for; 0 when there is no conversation.</returns>
    public async Task<(long Version, IReadOnlySet<string> Stored)> FindAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        await _inside.Writer.WriteAsync(true, cancellationToken);
        try
        {
            await RefreshAsync(cancellationToken);
            return (_head?.Version ?? 0, ids.Where(_counts.ContainsKey).ToHashSet(StringComparer.Ordinal));
        }
        finally
        {
            _inside.Reader.TryRead(out _);
        }
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        Head? head = await conversation.GetHeadAsync(cancellationToken);
        if (head is not null && IsSameLife(head) && head.Version == _head!.Version)
        {
            return;
        }

        if (head is null || !IsSameLife(head) || !await TryContinueAsync(head, cancellationToken))
        {
            Forget();
            await ContinueAsync(head, cancellationToken);
        }
    }

    /// <summary>The creation tells one life of a conversation from the next.</summary>
    private bool IsSameLife(Head head) =>
        _head is { } known && known.CreatedAt == head.CreatedAt && known.Version <= head.Version && known.LastSequence <= head.LastSequence;

    private async Task<bool> TryContinueAsync(Head head, CancellationToken cancellationToken)
    {
        bool reachesBack = _last.Sequence >= head.FirstSequence;
        if (reachesBack)
        {
            // If the last message that we know is another one now, what we know is about a life that is over.
            MessagePage page = await conversation.GetStoredMessagesAsync(
                new MessageQuery { After = _last.Sequence - 1, Limit = 1 }, cancellationToken);
            if (page.Messages is not [{ } message] || (message.Sequence, message.Id) != _last)
            {
                return false;
            }
        }

        await ContinueAsync(head, cancellationToken);
        return true;
    }

    private async Task ContinueAsync(Head? head, CancellationToken cancellationToken)
    {
        // Until all is read, nothing may be taken for known.
        _head = null;
        if (head is null)
        {
            return;
        }

        while (_log.TryPeek(out (long Sequence, string Id) oldest) && oldest.Sequence < head.FirstSequence)
        {
            Remove(_log.Dequeue().Id);
        }

        long after = Math.Max(_last.Sequence, head.FirstSequence - 1);
        if (after < head.LastSequence)
        {
            await foreach (Message message in conversation.StreamStoredMessagesAsync(
                new MessageQuery { After = after, Before = head.LastSequence + 1 }, cancellationToken))
            {
                _last = (message.Sequence, message.Id);
                _log.Enqueue(_last);
                _counts[message.Id] = _counts.GetValueOrDefault(message.Id) + 1;
            }
        }

        _head = head;
    }

    private void Remove(string id)
    {
        int count = _counts[id] - 1;
        if (count == 0)
        {
            _counts.Remove(id);
        }
        else
        {
            _counts[id] = count;
        }
    }

    private void Forget()
    {
        _log.Clear();
        _counts.Clear();
        _last = default;
        _head = null;
    }
}
