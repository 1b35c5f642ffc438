using OrleansMemory.Grains.Memories.Recall;
using OrleansMemory.Grains.Memories.Vectors;
using OrleansMemory.Grains.Storage;
using Xunit;

namespace OrleansMemory.Tests.Memories.Vectors;

public sealed class ScoreFusionTests
{
    [Fact]
    public void Scores_are_shares_of_the_best_by_terms_and_places_between_the_similarities()
    {
        var options = new VectorOptions { TermWeight = 2, MeaningWeight = 0.5 };
        IReadOnlyList<RecallHit> fused = Fuse(options, [("a", 8), ("b", 2)], [("c", 0.9f), ("b", 0.7f), ("d", 0.5f)]);
        Assert.Equal(["a", "b", "c", "d"], fused.Select(hit => hit.Id));
        Assert.Equal([2, 0.75, 0.5, 0], fused.Select(hit => Math.Round(hit.Score, 6)));
    }

    [Fact]
    public void A_clear_lead_by_terms_stays_and_a_narrow_one_goes_to_what_is_meant()
    {
        Assert.Equal(["a", "b"], Fuse(new VectorOptions(), [("a", 10), ("b", 5)], [("b", 0.8f), ("a", 0.3f)]).Select(hit => hit.Id));
        Assert.Equal(["b", "a"], Fuse(new VectorOptions(), [("a", 10), ("b", 9)], [("b", 0.8f), ("a", 0.3f)]).Select(hit => hit.Id));
    }

    [Fact]
    public void What_is_found_by_one_of_them_only_is_there_too()
    {
        Assert.Equal(["meant"], Fuse(new VectorOptions(), [], [("meant", 0.4f)]).Select(hit => hit.Id));
        Assert.Equal(["said"], Fuse(new VectorOptions(), [("said", 3)], []).Select(hit => hit.Id));
        Assert.Empty(Fuse(new VectorOptions(), [], []));
    }

    [Fact]
    public void A_rank_without_weight_adds_nothing()
    {
        Assert.Equal(["a"], Fuse(new VectorOptions { MeaningWeight = 0 }, [("a", 1)], [("b", 0.9f), ("a", 0.1f)]).Select(hit => hit.Id));
        Assert.Equal(["b"], Fuse(new VectorOptions { TermWeight = 0 }, [("a", 1)], [("b", 0.9f)]).Select(hit => hit.Id));
    }

    [Fact]
    public void Of_equals_the_one_that_is_better_by_terms_comes_first()
    {
        var even = new VectorOptions { MeaningWeight = 1 };
        Assert.Equal(["z", "a"], Fuse(even, [("z", 1)], [("a", 0.5f)]).Select(hit => hit.Id));
        Assert.Equal(["z"], Fuse(even, [("z", 1)], [("a", 0.5f)], 1).Select(hit => hit.Id));
    }

    [Fact]
    public void The_fit_is_the_better_of_both()
    {
        RecallHit[] byTerms = [new RecallHit("a", 1) { Fit = 0.2 }, new RecallHit("b", 1) { Fit = 0.9 }];
        IReadOnlyList<RecallHit> fused = new ScoreFusion(new VectorOptions()).Fuse(
            byTerms,
            [new VectorHit("a", 0.75f), new VectorHit("b", 0.5f), new VectorHit("c", -0.5f)],
            10
        );
        Assert.Equal([("a", 0.75), ("b", 0.9), ("c", 0)], fused.Select(hit => (hit.Id, hit.Fit)).Order());
    }

    private static IReadOnlyList<RecallHit> Fuse(
        VectorOptions options,
        (string Id, double Score)[] byTerms,
        (string Id, float Similarity)[] byMeaning,
        int limit = 10
    ) =>
        new ScoreFusion(options).Fuse(
            [.. byTerms.Select(hit => new RecallHit(hit.Id, hit.Score))],
            [.. byMeaning.Select(hit => new VectorHit(hit.Id, hit.Similarity))],
            limit
        );
}
