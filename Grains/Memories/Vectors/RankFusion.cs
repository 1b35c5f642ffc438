using OrleansMemory.Grains.Memories.Recall;

namespace OrleansMemory.Grains.Memories.Vectors;

/// <summary>Makes one rank of two by adding what each place in them is worth (reciprocal rank fusion): scores of different kinds are never compared.</summary>
/// <param name="options">What a place is worth.</param>
internal sealed class RankFusion(VectorOptions options)
{
    /// <summary>Fuses two ranks.</summary>
    /// <param name="byTerms">The best by terms, best first.</param>
    /// <param name="byMeaning">The best by meaning, best first.</param>
    /// <param name="limit">How many at most.</param>
    /// <returns>The best by both, best first; of equal ones, the one that is better by terms, then by meaning. A rank without weight adds nothing.</returns>
    public IReadOnlyList<RecallHit> Fuse(IReadOnlyList<RecallHit> byTerms, IReadOnlyList<VectorHit> byMeaning, int limit)
    {
        var worths = new Dictionary<string, double>(byTerms.Count + byMeaning.Count, StringComparer.Ordinal);
        List<string> order = [];
        for (int i = 0; i < byTerms.Count; i++)
        {
            Add(byTerms[i].Id, options.TermWeight, i + 1);
        }

        for (int i = 0; i < byMeaning.Count; i++)
        {
            Add(byMeaning[i].Id, options.MeaningWeight, i + 1);
        }

        // The sort is stable, so the order in which they came decides between equals.
        return [.. order.Select(id => new RecallHit(id, worths[id])).OrderByDescending(hit => hit.Score).Take(limit)];

        void Add(string id, double weight, int rank)
        {
            if (weight == 0)
            {
                return;
            }

            double worth = weight / (options.RankOffset + rank);
            if (!worths.TryAdd(id, worth))
            {
                worths[id] += worth;
            }
            else
            {
                order.Add(id);
            }
        }
    }
}
