using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Conversations;

/// <summary>The turn ids that an activation has seen committed last, so that a repeated one needs no store read.</summary>
/// <param name="capacity">How many to remember.</param>
internal sealed class RecentTurns(int capacity)
{
    private readonly Dictionary<string, (byte[] Hash, TurnReceipt Receipt)> _turns = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public void Add(string turnId, byte[] hash, TurnReceipt receipt)
    {
        if (capacity == 0 || !_turns.TryAdd(turnId, (hash, receipt)))
        {
            return;
        }

        _order.Enqueue(turnId);
        while (_order.Count > capacity)
        {
            _turns.Remove(_order.Dequeue());
        }
    }

    public bool TryGet(string turnId, out byte[] hash, out TurnReceipt receipt)
    {
        bool found = _turns.TryGetValue(turnId, out (byte[] Hash, TurnReceipt Receipt) turn);
        (hash, receipt) = turn;
        return found;
    }
}
