using OrleansMemory.Conversations;
using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Conversations;

/// <summary>Gathers a page that is bounded by count and bytes; the first message is taken whatever its size.</summary>
/// <param name="limit">The most messages.</param>
/// <param name="maxBytes">The most bytes.</param>
internal sealed class PageBuilder(int limit, long maxBytes)
{
    private long _bytes;
    private bool _ranOut;

    public List<Message> Messages { get; } = [];

    public bool IsFull => Messages.Count >= limit || _ranOut;

    public int Room => limit - Messages.Count;

    /// <summary>How many bytes may follow; at least one, since a store takes no less.</summary>
    public long BytesLeft => Math.Max(1, maxBytes - _bytes);

    public long? Last => Messages.Count == 0 ? null : Messages[^1].Sequence;

    public bool TryAdd(Message message)
    {
        if (Messages.Count >= limit)
        {
            return false;
        }

        long size = Utf8Size.Of(message);
        if (Messages.Count > 0 && _bytes + size > maxBytes)
        {
            _ranOut = true;
            return false;
        }

        Messages.Add(message);
        _bytes += size;
        return true;
    }

    /// <summary>Whether one more message of the largest size might not have fitted.</summary>
    /// <returns>Whether the store may have stopped for want of bytes.</returns>
    public bool MayHaveRunOut(int maxMessageBytes) => _bytes + maxMessageBytes > maxBytes;

    public (List<Message> Messages, bool BytesRanOut) Done() => (Messages, _ranOut);
}
