namespace OrleansMemory.Grains.Storage.Postgres.Conversations;

/// <summary>Store ids that were reserved and are not used yet.</summary>
internal sealed class StoreIdBlock
{
    private readonly Lock _lock = new();
    private long _next;
    private long _end;

    public bool TryTake(out long id)
    {
        lock (_lock)
        {
            id = _next;
            if (_next >= _end)
            {
                return false;
            }

            _next++;
            return true;
        }
    }

    /// <summary>Takes the first id of a new block and keeps the others. A block that is still in use is given up.</summary>
    /// <param name="length">How many there are.</param>
    public long Refill(long first, long length)
    {
        lock (_lock)
        {
            _next = first + 1;
            _end = first + length;
            return first;
        }
    }
}
