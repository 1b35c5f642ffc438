namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>
/// The scale on which scores are told, 0 to 1: how much of the question is there, times how near a memory comes to the best one. The first part compares answers,
/// the second the memories of one.
/// </summary>
internal static class ScoreScale
{
    // The best by rank is not always the one that has most of the question.
    private const int Looked = 3;

    /// <summary>Puts an answer on the scale.</summary>
    /// <param name="hits">The answer, best first.</param>
    /// <returns>Its scores in the same order, never rising.</returns>
    public static double[] Of(IReadOnlyList<RecallHit> hits)
    {
        if (hits.Count == 0)
        {
            return [];
        }

        double fit = hits.Take(Looked).Max(hit => hit.Fit);
        double[] scores = new double[hits.Count];
        double last = 1;
        for (int i = 0; i < scores.Length; i++)
        {
            last = Math.Min(last, hits[0].Score > 0 ? hits[i].Score / hits[0].Score : 1);
            scores[i] = fit * last;
        }

        return scores;
    }
}
