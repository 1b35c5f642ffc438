using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Conversations;

/// <summary>The turn ids that an activation has seen committed last, so that a repeated one needs no store read.</summary>
/// <remarks>
/// A ring that grows up to its bound. It is searched by hash codes that lie side by side: for as few ids as these that is faster than a
/// dictionary, and every append asks and adds.
/// </remarks>
/// <param name="capacity">How many to remember.</param>
internal sealed class RecentTurns(int capacity)
{
    private int[] _hashCodes = new int[Math.Min(4, capacity)];
    private RecentTurn[] _turns = new RecentTurn[Math.Min(4, capacity)];
    private int _count;
    private int _next;

    public void Add(string turnId, byte[] hash, TurnReceipt receipt)
    {
        if (capacity == 0 || Find(turnId) >= 0)
        {
            return;
        }

        if (_next == _turns.Length)
        {
            MoveOn();
        }

        _hashCodes[_next] = StringComparer.Ordinal.GetHashCode(turnId);
        _turns[_next] = new RecentTurn(turnId, hash, receipt);
        _next++;
        _count = Math.Max(_count, _next);
    }

    public bool TryGet(string turnId, out byte[] hash, out TurnReceipt receipt)
    {
        int found = Find(turnId);
        (hash, receipt) = found < 0 ? default : (_turns[found].Hash, _turns[found].Receipt);
        return found >= 0;
    }

    private int Find(string turnId)
    {
        int hashCode = StringComparer.Ordinal.GetHashCode(turnId);
        for (int from = 0; from < _count;)
        {
            int offset = _hashCodes.AsSpan(from, _count - from).IndexOf(hashCode);
            if (offset < 0)
            {
                return -1;
            }

            if (string.Equals(_turns[from + offset].TurnId, turnId, StringComparison.Ordinal))
            {
                return from + offset;
            }

            from += offset + 1;
        }

        return -1;
    }

    /// <summary>Makes room at the end, or goes back to the start, where the oldest are.</summary>
    private void MoveOn()
    {
        if (_turns.Length == capacity)
        {
            _next = 0;
            return;
        }

        int larger = Math.Min(capacity, _turns.Length * 2);
        Array.Resize(ref _turns, larger);
        Array.Resize(ref _hashCodes, larger);
    }

    private readonly record struct RecentTurn(string TurnId, byte[] Hash, TurnReceipt Receipt);
}
