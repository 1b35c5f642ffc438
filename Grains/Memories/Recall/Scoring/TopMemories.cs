using OrleansMemory.Grains.Memories.Recall.Indexing;

namespace OrleansMemory.Grains.Memories.Recall.Scoring;

/// <summary>
/// Keeps the best memories of a search: by score, of equal ones the newest, then the later one of an episode, then by id.
/// </summary>
internal sealed class TopMemories : IComparer<ScoredSlot>
{
    private readonly MemoryEntries _entries;
    private readonly int _limit;
    private readonly Func<string, bool>? _accept;
    private readonly PriorityQueue<int, ScoredSlot> _kept;

    /// <summary>Starts with none.</summary>
    /// <param name="entries">The memories.</param>
    /// <param name="limit">How many are kept.</param>
    /// <param name="accept">Which may be kept; <see langword="null"/>: all.</param>
    public TopMemories(MemoryEntries entries, int limit, Func<string, bool>? accept)
    {
        (_entries, _limit, _accept) = (entries, limit, accept);
        _kept = new PriorityQueue<int, ScoredSlot>(this);
    }

    /// <summary>Offers a memory.</summary>
    /// <param name="slot">The memory.</param>
    /// <param name="score">How well it fits.</param>
    public void Offer(int slot, double score)
    {
        if (_limit == 0)
        {
            return;
        }

        var offered = new ScoredSlot(slot, score);
        bool isFull = _kept.Count == _limit;
        if (isFull && _kept.TryPeek(out _, out ScoredSlot worst) && Compare(offered, worst) <= 0)
        {
            return;
        }

        if (_accept is not null && !_accept(_entries[slot].Id))
        {
            return;
        }

        if (isFull)
        {
            _kept.DequeueEnqueue(slot, offered);
        }
        else
        {
            _kept.Enqueue(slot, offered);
        }
    }

    /// <summary>Ends the search.</summary>
    /// <returns>The best, best first.</returns>
    public ScoredSlot[] Take()
    {
        var best = new ScoredSlot[_kept.Count];
        for (int i = best.Length - 1; i >= 0; i--)
        {
            _kept.TryDequeue(out _, out best[i]);
        }

        return best;
    }

    /// <summary>Orders by rank, worst first.</summary>
    public int Compare(ScoredSlot x, ScoredSlot y)
    {
        int order = x.Score.CompareTo(y.Score);
        return order != 0 ? order : CompareAge(_entries, x.Slot, y.Slot);
    }

    /// <summary>Orders memories by their age, the oldest first.</summary>
    /// <param name="entries">The memories.</param>
    /// <param name="x">One.</param>
    /// <param name="y">The other.</param>
    /// <returns>Less than 0 when <paramref name="x"/> is the older one, or the earlier one in an episode, or has the higher id.</returns>
    public static int CompareAge(MemoryEntries entries, int x, int y)
    {
        ref MemoryEntry left = ref entries[x];
        ref MemoryEntry right = ref entries[y];
        int order = left.OccurredTicks.CompareTo(right.OccurredTicks);
        order = order != 0 ? order : left.Position.CompareTo(right.Position);
        return order != 0 ? order : string.CompareOrdinal(right.Id, left.Id);
    }
}

/// <summary>A memory and how well it fits.</summary>
/// <param name="Score">How well it fits.</param>
internal readonly record struct ScoredSlot(int Slot, double Score);
