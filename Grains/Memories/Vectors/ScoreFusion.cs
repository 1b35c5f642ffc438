using System.Runtime.InteropServices;
using OrleansMemory.Grains.Memories.Recall;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories.Vectors;

/// <summary>
/// Makes one rank of two by adding scores: that by terms as a share of the best one, and the similarity where it lies between the least and
/// the greatest of those that were found by meaning. Adding places in place of scores costs a rank by terms its lead where that is clear.
/// </summary>
/// <param name="options">What each of them counts.</param>
internal sealed class ScoreFusion(VectorOptions options)
{
    /// <summary>Fuses two ranks.</summary>
    /// <param name="byTerms">The best by terms, best first.</param>
    /// <param name="byMeaning">The best by meaning, best first.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="explains">Whether to tell why.</param>
    /// <returns>
    /// The best by both, best first; of equal ones, the one that is better by terms, then by meaning. A rank without weight adds nothing.
    /// </returns>
    public IReadOnlyList<RecallHit> Fuse(
        IReadOnlyList<RecallHit> byTerms,
        IReadOnlyList<VectorHit> byMeaning,
        int limit,
        bool explains = false
    )
    {
        var fused = new Dictionary<string, RecallHit>(byTerms.Count + byMeaning.Count, StringComparer.Ordinal);
        List<string> order = [];
        double best = byTerms.Count > 0 ? byTerms.Max(hit => hit.Score) : 0;
        foreach (RecallHit hit in options.TermWeight > 0 ? byTerms : [])
        {
            Add(hit with { Score = options.TermWeight * (best > 0 ? hit.Score / best : 1) });
        }

        (double least, double greatest) = byMeaning.Count > 0 ? (byMeaning[^1].Similarity, byMeaning[0].Similarity) : (0, 0);
        foreach (VectorHit hit in options.MeaningWeight > 0 ? byMeaning : [])
        {
            double place = greatest > least ? (hit.Similarity - least) / (greatest - least) : 1;
            Add(
                new RecallHit(hit.Id, options.MeaningWeight * place)
                {
                    Fit = Math.Clamp(hit.Similarity, 0, 1),
                    Why = explains ? new RecallReasons { Similarity = hit.Similarity } : null,
                }
            );
        }

        // The sort is stable, so the order in which they came decides between equals.
        return [.. order.Select(id => fused[id]).OrderByDescending(hit => hit.Score).Take(limit)];

        void Add(RecallHit hit)
        {
            ref RecallHit known = ref CollectionsMarshal.GetValueRefOrAddDefault(fused, hit.Id, out bool exists);
            if (!exists)
            {
                order.Add(hit.Id);
            }

            known = exists
                ? known with
                {
                    Score = known.Score + hit.Score,
                    Fit = Math.Max(known.Fit, hit.Fit),
                    Why = known.Why is { } why ? why with { Similarity = hit.Why?.Similarity } : hit.Why,
                }
                : hit;
        }
    }
}
