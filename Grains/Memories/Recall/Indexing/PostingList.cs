namespace OrleansMemory.Grains.Memories.Recall.Indexing;

/// <summary>The memories that have a term, by slot.</summary>
internal sealed class PostingList
{
    private Posting[] _postings = [];
    private int _count;

    /// <summary>The memories, by slot.</summary>
    public ReadOnlySpan<Posting> Postings => _postings.AsSpan(0, _count);

    /// <summary>About how many bytes its array holds.</summary>
    public long EstimatedBytes => _postings.Length == 0 ? 0 : 24 + (8L * _postings.Length);

    /// <summary>Counts one occurrence.</summary>
    /// <param name="slot">The memory.</param>
    /// <param name="weight">What it counts.</param>
    public void Add(int slot, float weight)
    {
        int at = Find(slot);
        if (at >= 0)
        {
            _postings[at] = new Posting(slot, _postings[at].Weight + weight);
            return;
        }

        at = ~at;
        if (_count == _postings.Length)
        {
            Array.Resize(ref _postings, _count < 4 ? _count + 1 : _count + (_count / 2));
        }

        Array.Copy(_postings, at, _postings, at + 1, _count - at);
        _postings[at] = new Posting(slot, weight);
        _count++;
    }

    /// <summary>Takes a memory out.</summary>
    /// <param name="slot">The memory.</param>
    /// <returns>Whether it was there.</returns>
    public bool Remove(int slot)
    {
        int at = Find(slot);
        if (at < 0)
        {
            return false;
        }

        _count--;
        Array.Copy(_postings, at + 1, _postings, at, _count - at);
        if (_count <= _postings.Length / 4)
        {
            Array.Resize(ref _postings, _count);
        }

        return true;
    }

    /// <summary>Memories come mostly in the order of slots, so the end is looked at first.</summary>
    private int Find(int slot)
    {
        if (_count == 0 || _postings[_count - 1].Slot < slot)
        {
            return ~_count;
        }

        (int low, int high) = (0, _count - 1);
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int found = _postings[middle].Slot;
            if (found == slot)
            {
                return middle;
            }

            (low, high) = found < slot ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }
}

/// <summary>That a memory has a term.</summary>
/// <param name="Weight">How often, words of a caption counted by their weight: a multiple of 1/256.</param>
internal readonly record struct Posting(int Slot, float Weight);
