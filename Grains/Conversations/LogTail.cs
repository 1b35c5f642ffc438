using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Conversations;

/// <summary>
/// The newest part of a log in memory: without gaps up to the last sequence, bounded by count and bytes. A ring that grows up to its bound.
/// </summary>
/// <param name="bounds">How much to hold.</param>
internal sealed class LogTail(TailBounds bounds)
{
    private Message[] _ring = new Message[4];
    private int _start;
    private int _count;
    private long _bytes;

    // Turns that wait for what the store says of their ids go by what has left memory meanwhile without asking again.
    private const int MaxLeftIds = 1_024;

    private readonly Queue<(long Sequence, string Id)> _left = new();

    // The newest sequence of each id; made when it is first asked for, since most conversations are never asked.
    private Dictionary<string, long>? _ids;

    /// <summary>The first sequence that is held; <see langword="null"/> when none is.</summary>
    public long? First => _count == 0 ? null : At(0).Sequence;

    /// <summary>
    /// The first sequence from which every message's id is known: <see cref="First"/>, or earlier where ids are asked for; those of a
    /// number of messages are kept after the messages have left. <see langword="null"/> when none is.
    /// </summary>
    public long? FirstId => _left.TryPeek(out (long Sequence, string Id) left) ? left.Sequence : First;

    /// <summary>Adds the next message, and lets the oldest go where that is too much.</summary>
    /// <param name="message">The message that follows the last one.</param>
    public void Append(Message message)
    {
        if (_count == _ring.Length)
        {
            Grow();
        }

        _ring[(_start + _count) % _ring.Length] = message;
        _count++;
        _bytes += Utf8Size.Of(message);
        if (_ids is not null)
        {
            _ids[message.Id] = message.Sequence;
        }

        while (_count > 1 && (_count > bounds.Messages || _bytes > bounds.Bytes))
        {
            Message removed = RemoveFirst();
            if (_ids is not null)
            {
                _left.Enqueue((removed.Sequence, removed.Id));
                if (_left.Count > 2 * MaxLeftIds)
                {
                    // Many at a time: with each step the turns that wait would have to ask again.
                    ForgetLeft(keep: MaxLeftIds, first: 0);
                }
            }
        }
    }

    /// <summary>Looks for a message by its id.</summary>
    /// <param name="first">Messages before this sequence do not count.</param>
    /// <returns>Whether a message from <see cref="FirstId"/> on has it.</returns>
    public bool Holds(string id, long first)
    {
        if (_ids is null)
        {
            _ids = new Dictionary<string, long>(_count, StringComparer.Ordinal);
            for (int i = 0; i < _count; i++)
            {
                _ids[At(i).Id] = At(i).Sequence;
            }
        }

        return _ids.TryGetValue(id, out long sequence) && sequence >= first;
    }

    /// <summary>Lets go of what was truncated.</summary>
    /// <param name="first">The log's first sequence.</param>
    public void DropBefore(long first)
    {
        while (_count > 0 && At(0).Sequence < first)
        {
            Message removed = RemoveFirst();
            Forget(removed.Sequence, removed.Id);
        }

        ForgetLeft(keep: int.MaxValue, first);
    }

    /// <summary>The held messages of a range.</summary>
    /// <param name="first">The first sequence.</param>
    /// <param name="last">The last sequence.</param>
    /// <param name="order">The order to return them in.</param>
    public IEnumerable<Message> Within(long first, long last, MessageOrder order)
    {
        if (_count == 0)
        {
            yield break;
        }

        long held = At(0).Sequence;
        int low = (int)Math.Clamp(first - held, 0, _count);
        int high = (int)Math.Clamp(last - held, -1, _count - 1);
        for (int i = 0; i <= high - low; i++)
        {
            yield return At(order == MessageOrder.Ascending ? low + i : high - i);
        }
    }

    private Message At(int index) => _ring[(_start + index) % _ring.Length];

    private Message RemoveFirst()
    {
        Message removed = _ring[_start];
        _bytes -= Utf8Size.Of(removed);
        _ring[_start] = null!;
        _start = (_start + 1) % _ring.Length;
        _count--;
        return removed;
    }

    private void ForgetLeft(int keep, long first)
    {
        while (_left.TryPeek(out (long Sequence, string Id) left) && (_left.Count > keep || left.Sequence < first))
        {
            _left.Dequeue();
            Forget(left.Sequence, left.Id);
        }
    }

    private void Forget(long sequence, string id)
    {
        if (_ids is not null && _ids.TryGetValue(id, out long newest) && newest == sequence)
        {
            _ids.Remove(id);
        }
    }

    private void Grow()
    {
        var larger = new Message[_ring.Length * 2];
        for (int i = 0; i < _count; i++)
        {
            larger[i] = At(i);
        }

        (_ring, _start) = (larger, 0);
    }
}
