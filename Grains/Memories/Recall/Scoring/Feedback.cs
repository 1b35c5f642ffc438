using OrleansMemory.Grains.Memories.Recall.Indexing;

namespace OrleansMemory.Grains.Memories.Recall.Scoring;

/// <summary>
/// Pseudo-relevance feedback: the telling words of the memories that fit best are taken as further words of the question.
/// </summary>
/// <param name="memories">The memories.</param>
/// <param name="weights">How much each sign counts.</param>
internal sealed class Feedback(RecallMemories memories, RecallWeights weights)
{
    /// <summary>Chooses the words.</summary>
    /// <param name="asked">The terms of the question.</param>
    /// <param name="scores">How well memories fit it.</param>
    /// <param name="accept">Whose words may be used; <see langword="null"/>: all.</param>
    /// <returns>The terms with their weights, best first.</returns>
    public IEnumerable<(int Term, double Weight)> Choose(int[] asked, CandidateScores scores, Func<string, bool>? accept)
    {
        if (weights.FeedbackMemories == 0 || weights.FeedbackTerms == 0 || weights.Feedback <= 0)
        {
            return [];
        }

        Dictionary<int, double> worth = Weigh(Best(scores, accept), scores);
        foreach (int term in asked)
        {
            worth.Remove(term);
        }

        (int Term, double Worth)[] chosen =
        [
            .. worth
                .Select(pair => (pair.Key, pair.Value))
                .OrderByDescending(pair => pair.Value)
                .ThenBy(pair => memories.Terms[pair.Key], StringComparer.Ordinal)
                .Take(weights.FeedbackTerms),
        ];
        return chosen.Select(word => (word.Term, weights.Feedback * word.Worth / chosen[0].Worth));
    }

    private ScoredSlot[] Best(CandidateScores scores, Func<string, bool>? accept)
    {
        var best = new TopMemories(memories.Entries, weights.FeedbackMemories, accept);
        foreach (int slot in scores.Slots)
        {
            best.Offer(slot, scores[slot]);
        }

        return best.Take();
    }

    private Dictionary<int, double> Weigh(ScoredSlot[] best, CandidateScores scores)
    {
        var formula = new Bm25(weights.TermSaturation, weights.LengthPenalty, memories.Entries.Count, memories.Lengths.Total);
        var worth = new Dictionary<int, double>();
        foreach (ScoredSlot memory in best)
        {
            foreach (int term in memories.Entries[memory.Slot].Terms)
            {
                double rarity = formula.Rarity(memories.Terms.PostingsOf(term).Length);
                worth[term] = worth.GetValueOrDefault(term) + (rarity * scores[memory.Slot]);
            }
        }

        return worth;
    }
}
