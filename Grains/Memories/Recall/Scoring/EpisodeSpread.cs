using OrleansMemory.Grains.Memories.Recall.Indexing;

namespace OrleansMemory.Grains.Memories.Recall.Scoring;

/// <summary>
/// Chooses memories for a question that asks for several things. Each memory that is chosen holds back the others of its episode a little,
/// so that the answers of other episodes are seen too.
/// </summary>
internal static class EpisodeSpread
{
    private const int LeastLookAhead = 60;

    /// <summary>Of how many memories a few are chosen.</summary>
    /// <param name="limit">How many are chosen.</param>
    /// <returns>How many of the best are wanted.</returns>
    public static int LookAhead(int limit) => (int)Math.Min(int.MaxValue, Math.Max(LeastLookAhead, 2L * limit));

    /// <summary>Chooses.</summary>
    /// <param name="best">The best memories, best first.</param>
    /// <param name="entries">The memories.</param>
    /// <param name="strength">How much a chosen memory holds back the others of its episode.</param>
    /// <param name="limit">How many are chosen.</param>
    /// <returns>The chosen, best first.</returns>
    public static ScoredSlot[] Choose(ScoredSlot[] best, MemoryEntries entries, double strength, int limit)
    {
        // One queue for each episode; within it the order stays.
        var waiting = new PriorityQueue<Queue<int>, (double Score, int Rank)>(
            Comparer<(double Score, int Rank)>.Create(
                static (x, y) => x.Score != y.Score ? y.Score.CompareTo(x.Score) : x.Rank.CompareTo(y.Rank)
            )
        );
        foreach (IGrouping<object, int> episode in Enumerable.Range(0, best.Length).GroupBy(rank => GroupOf(entries[best[rank].Slot])))
        {
            var ranks = new Queue<int>(episode);
            waiting.Enqueue(ranks, (best[ranks.Peek()].Score, ranks.Peek()));
        }

        var chosen = new List<ScoredSlot>(Math.Min(limit, best.Length));
        var taken = new Dictionary<Queue<int>, int>();
        while (chosen.Count < limit && waiting.TryDequeue(out Queue<int>? ranks, out (double Score, int Rank) next))
        {
            chosen.Add(best[ranks.Dequeue()] with { Score = next.Score });
            int count = taken[ranks] = taken.GetValueOrDefault(ranks) + 1;
            if (ranks.TryPeek(out int rank))
            {
                waiting.Enqueue(ranks, (best[rank].Score / (1 + (strength * count)), rank));
            }
        }

        return [.. chosen];
    }

    /// <summary>What stands by itself is an episode of its own.</summary>
    private static object GroupOf(MemoryEntry entry) => (object?)entry.Episode ?? entry.Id;
}
