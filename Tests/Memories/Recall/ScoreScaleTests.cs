using OrleansMemory.Grains.Memories.Recall;
using OrleansMemory.Grains.Memories.Recall.Scoring;
using Xunit;

namespace OrleansMemory.Tests.Memories.Recall;

public sealed class ScoreScaleTests
{
    [Fact]
    public void Scores_are_the_fit_of_the_best_times_the_share_of_the_first()
    {
        Assert.Equal([0.8, 0.4, 0.2], Of((10, 0.5), (5, 0.8), (2.5, 0.1)));
        Assert.Equal([0.5, 0.25], Of((4, 0.5), (2, 0)));
    }

    [Fact]
    public void A_fourth_memory_says_nothing_of_the_answer() => Assert.Equal(0.1, Of((4, 0.1), (4, 0.1), (4, 0.1), (4, 1))[0]);

    [Fact]
    public void Scores_never_rise_and_stay_on_the_scale()
    {
        Assert.Equal([1, 0.5, 0.5], Of((2, 1), (1, 1), (1.5, 1)));
        Assert.Equal([1, 1], Of((0, 1), (0, 0)));
        Assert.Empty(Of());
    }

    private static double[] Of(params (double Score, double Fit)[] hits) =>
        ScoreScale.Of([.. hits.Select((hit, i) => new RecallHit($"{i}", hit.Score) { Fit = hit.Fit })]);
}
