using OrleansMemory.Grains.Memories.Recall.Indexing;

namespace OrleansMemory.Grains.Memories.Recall.Scoring;

/// <summary>Of facts that say the same, a search offers the newest one that it may show, with the best score of all of them.</summary>
/// <param name="entries">The memories.</param>
/// <param name="accept">Which may be shown; <see langword="null"/>: all.</param>
internal sealed class EqualFactChoice(MemoryEntries entries, Func<string, bool>? accept)
{
    private readonly Dictionary<EqualFacts, double> _scores = [];
    private readonly Dictionary<int, int> _counts = [];

    /// <summary>Takes a candidate that has equals.</summary>
    /// <param name="slot">The candidate.</param>
    /// <param name="score">Its score.</param>
    /// <returns>Whether it has equals; otherwise nothing is taken.</returns>
    public bool Take(int slot, double score)
    {
        if (entries[slot].Same is not { Slots.Count: > 1 } equals)
        {
            return false;
        }

        _scores[equals] = Math.Max(_scores.GetValueOrDefault(equals), score);
        return true;
    }

    /// <summary>What is offered for those that were taken.</summary>
    /// <returns>The newest of each group that may be shown.</returns>
    public IEnumerable<ScoredSlot> Newest()
    {
        foreach ((EqualFacts equals, double score) in _scores)
        {
            int newest = NewestOf(equals, entries, accept, out int count);
            if (newest >= 0)
            {
                _counts[newest] = count;
                yield return new ScoredSlot(newest, score);
            }
        }
    }

    /// <summary>How many facts one stands for that was offered.</summary>
    /// <param name="slot">The fact.</param>
    /// <returns>How many; 1 for what has no equals.</returns>
    public int CountOf(int slot) => _counts.GetValueOrDefault(slot, 1);

    /// <summary>The newest of equal facts.</summary>
    /// <param name="equals">The facts.</param>
    /// <param name="entries">The memories.</param>
    /// <param name="accept">Which may be shown; <see langword="null"/>: all.</param>
    /// <param name="count">How many may be shown.</param>
    /// <returns>Its slot; -1 when none may be shown.</returns>
    public static int NewestOf(EqualFacts equals, MemoryEntries entries, Func<string, bool>? accept, out int count)
    {
        int newest = -1;
        count = 0;
        foreach (int slot in equals.Slots)
        {
            if (accept is not null && !accept(entries[slot].Id))
            {
                continue;
            }

            count++;
            newest = newest < 0 || TopMemories.CompareAge(entries, slot, newest) > 0 ? slot : newest;
        }

        return newest;
    }
}
